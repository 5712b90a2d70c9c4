//! The built-in library that stands in for the web: a few pages of common knowledge, each at an
//! address that says that it is ours.

/// One page.
pub(super) struct Page {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

pub(super) const PAGES: &[Page] = &[
    Page {
        name: "oceans",
        title: "Oceans",
        text: "Oceans cover about seventy-one percent of the surface of the Earth. They hold about ninety-seven percent of its water. Coral reefs take up less than one percent of the sea floor and shelter about a quarter of all marine species. Currents such as the Gulf Stream carry heat from the tropics towards the poles. Most of the deep sea has never been seen by people.",
    },
    Page {
        name: "climate",
        title: "Climate",
        text: "Climate is the weather of a place over decades. Carbon dioxide and methane let sunlight in and hold heat back. The global mean temperature has risen by more than one degree since the late nineteenth century. Warm air holds more water, so heavy rain becomes heavier. Forests, soils and oceans take up about half of the carbon dioxide that people emit.",
    },
    Page {
        name: "coffee",
        title: "Coffee",
        text: "Coffee is made of the roasted seeds of coffee plants. Arabica and robusta are the two species that are grown most. Roasting turns green beans brown and makes hundreds of aromatic compounds. Espresso is brewed with hot water under pressure, filter coffee with gravity alone. Brazil, Vietnam and Colombia are among the largest producers of coffee.",
    },
    Page {
        name: "bees",
        title: "Bees and pollination",
        text: "Bees carry pollen from flower to flower while they collect nectar. Honey bees tell each other the way to flowers by a waggle dance. About three quarters of the crops that people eat gain from pollinators. Most species of bees live alone and not in hives. Meadows that are mown late give bees food through the summer.",
    },
    Page {
        name: "space",
        title: "Space travel",
        text: "The first person in space was Yuri Gagarin in 1961. Apollo 11 landed on the Moon in July 1969. The International Space Station circles the Earth about sixteen times a day. Rockets work by throwing mass backwards at high speed. Reusable boosters have made launches into orbit cheaper. Mars is between three and twenty-two light minutes from the Earth.",
    },
    Page {
        name: "film",
        title: "Making short videos",
        text: "Viewers decide within seconds whether they go on watching a video. One video should have one message. A shot list names what is seen, what is heard and how the camera moves. Narration is easiest to follow at about one hundred and fifty words a minute. Captions help those who watch without sound. Twenty-four frames a second is the rate of cinema.",
    },
    Page {
        name: "marketing",
        title: "Marketing basics",
        text: "A product launch begins with knowing who the product is for. Benefits persuade more than features do. A call to action tells the audience the one next step. Repeating one message beats saying five. Testing two versions shows which works better. Trust grows from reviews by other customers.",
    },
    Page {
        name: "ai",
        title: "Artificial intelligence",
        text: "Machine learning fits models to examples instead of writing rules by hand. Neural networks are layers of weighted sums and simple nonlinear functions. Diffusion models make images by removing noise step by step. Language models predict the next token of a text. Models can state false things with confidence, so their answers need checking.",
    },
    Page {
        name: "cities",
        title: "Cities",
        text: "More than half of all people live in cities. Trees on streets can cool the air by several degrees in summer. Public transport moves more people in less space than cars. Bicycle lanes make cycling safer and more common. Many old towns grew where a river could be crossed.",
    },
    Page {
        name: "food",
        title: "Cooking and food",
        text: "Salt, fat, acid and heat decide most of the taste of a dish. Bread rises because yeast turns sugar into carbon dioxide. Browning makes flavour by reactions of proteins with sugars. Fermented foods such as yoghurt and kimchi keep longer. A balanced plate is half vegetables and fruit.",
    },
    Page {
        name: "energy",
        title: "Renewable energy",
        text: "Solar cells turn light into electricity without moving parts. The price of solar modules has fallen by about ninety percent in a decade. Wind turbines give more power the larger their rotors are. Batteries and dams store energy for calm nights. Heat pumps move several units of heat with one unit of electricity.",
    },
    Page {
        name: "history",
        title: "Ancient history",
        text: "The pyramids of Giza were built about four and a half thousand years ago. Writing began in Mesopotamia with marks in clay. The Roman road network was about eighty thousand kilometres long. The Silk Road joined China with the Mediterranean for centuries. Printing with movable type spread in Europe after 1450.",
    },
    Page {
        name: "animals",
        title: "Animals",
        text: "Cats sleep for about fifteen hours a day. Dogs were the first animals that people tamed. An elephant's trunk has tens of thousands of muscle fibres. Octopuses have three hearts and blue blood. Foxes use the magnetic field of the Earth when they hunt under snow. Whales sing over hundreds of kilometres.",
    },
    Page {
        name: "health",
        title: "Health and sleep",
        text: "Adults need about seven to nine hours of sleep. Walking for thirty minutes a day lowers the risk of heart disease. Daylight in the morning sets the inner clock. Strength training keeps bones dense. Friends and purpose are among the best predictors of a long life.",
    },
];
