//! Product profiles: what each of the products sells and gives away before anyone has set anything.
//!
//! A profile's settings are defaults like any other. Its operation types, prices and plans become
//! rows once, where there are none, and are the operators' from then on.

use crate::{Tier, Unit};

/// A product whose defaults a server begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Profile {
    /// No product's: nothing is given and nothing is sold until it is said.
    #[default]
    None,
    Vibe,
    Cinematic,
    Characters,
    Pedro,
    Saas,
}

/// A price of an operation type, of any model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub operation: &'static str,
    pub description: &'static str,
    pub unit: Unit,
    pub unit_price: &'static str,
    /// Of an edit; `None`: at the same price.
    pub edit_price: Option<&'static str>,
}

/// A plan to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offering {
    /// Its id under the source `profile`, which keeps it from being made twice.
    pub id: &'static str,
    pub name: &'static str,
    pub tier: Tier,
    pub credits: &'static str,
}

const fn per_job(operation: &'static str, price: &'static str, description: &'static str) -> Offer {
    Offer { operation, description, unit: Unit::Job, unit_price: price, edit_price: None }
}

const fn per(
    unit: Unit,
    operation: &'static str,
    price: &'static str,
    description: &'static str,
) -> Offer {
    Offer { operation, description, unit, unit_price: price, edit_price: None }
}

const VIBE: &[Offer] = &[
    per_job("CONCEPT_GENERATION", "1", "A concept for a video"),
    per_job("WEB_RESEARCH", "1", "Research on the web"),
    per_job("CONTENT_SUMMARY", "1", "A summary of some content"),
    per_job("VIDEO_SEGMENTATION", "2", "A video's script in segments"),
    Offer { edit_price: Some("1"), ..per(Unit::Image, "IMAGE_GENERATION", "2", "An image") },
    per(Unit::Second, "VIDEO_GENERATION", "2", "A video made of an image"),
    per(Unit::ThousandCharacters, "VOICEOVER_GENERATION", "3", "A narration read aloud"),
    per_job("CHARACTER_GENERATION", "15", "A character: views, sprite sheet, final image"),
    per_job("GENERAL_CHAT", "0.50", "A turn of a chat"),
];

const CINEMATIC: &[Offer] = &[
    per(Unit::Image, "TEXT_TO_IMAGE", "1", "An image made of a text"),
    per_job("IMAGE_TO_VIDEO", "5", "A video made of images"),
];

// The product counts units a day and no credits.
const CHARACTERS: &[Offer] = &[
    per(Unit::Image, "CHARACTER_IMAGE", "0", "An image of a character"),
    per(Unit::Image, "THEME_VARIANT", "0", "A variant of a character in a theme"),
    per(Unit::Image, "SCENE_IMAGE", "0", "An image of a scene"),
];

const PEDRO: &[Offer] = &[
    per_job("AI_TEXT_CHAT", "5", "A turn of a chat"),
    per(Unit::Image, "AI_IMAGE_GENERATION", "10", "An image"),
];

const SAAS: &[Offer] = &[
    per_job("PROJECT_CREATION", "5", "A project"),
    per_job("PRD_GENERATION", "10", "A document of a product's requirements"),
    per_job("SCHEMA_GENERATION", "10", "A database schema"),
    per_job("FLOWCHART_GENERATION", "5", "A flowchart"),
    per_job("TASK_GENERATION", "5", "Tasks"),
    per_job("PLAN_GENERATION", "5", "A plan"),
    per_job("ADMIN_ADJUSTMENT", "0", "A correction by an operator"),
    per_job("WORKSPACE_BLUEPRINT", "15", "A blueprint of a workspace"),
    per_job("FEATURE_SEGMENTATION", "5", "Features in segments"),
    per_job("AI_TEXT_CHAT", "1", "A turn of a chat"),
    per(Unit::Image, "AI_IMAGE_GENERATION", "10", "An image"),
];

const fn plan(id: &'static str, name: &'static str, tier: Tier, credits: &'static str) -> Offering {
    Offering { id, name, tier, credits }
}

impl Profile {
    pub const ALL: [Self; 6] =
        [Self::None, Self::Vibe, Self::Cinematic, Self::Characters, Self::Pedro, Self::Saas];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Vibe => "vibe",
            Self::Cinematic => "cinematic",
            Self::Characters => "characters",
            Self::Pedro => "pedro",
            Self::Saas => "saas",
        }
    }

    /// The defaults of settings that differ from those of every server.
    pub const fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::None | Self::Vibe => &[],
            Self::Cinematic => {
                &[("billing.free_allowance", "20.00"), ("billing.allowance_month", "calendar")]
            }
            Self::Characters => &[
                ("billing.daily_quota_free", "3"),
                ("billing.daily_quota_premium", "30"),
                ("billing.daily_quota_pro", "100"),
            ],
            Self::Pedro | Self::Saas => &[("ledger.signup_credits", "100.00")],
        }
    }

    pub const fn offers(self) -> &'static [Offer] {
        match self {
            Self::None => &[],
            Self::Vibe => VIBE,
            Self::Cinematic => CINEMATIC,
            Self::Characters => CHARACTERS,
            Self::Pedro => PEDRO,
            Self::Saas => SAAS,
        }
    }

    pub const fn plans(self) -> &'static [Offering] {
        match self {
            Self::None | Self::Vibe => &[],
            Self::Cinematic => {
                const {
                    &[
                        plan("cinematic-premium", "Premium", Tier::Premium, "200"),
                        plan("cinematic-pro", "Pro", Tier::Pro, "1000"),
                    ]
                }
            }
            Self::Characters => {
                const {
                    &[
                        plan("characters-premium", "Premium", Tier::Premium, "0"),
                        plan("characters-pro", "Pro", Tier::Pro, "0"),
                        plan("characters-enterprise", "Enterprise", Tier::Enterprise, "0"),
                    ]
                }
            }
            Self::Pedro => const { &[plan("pedro-pro", "Pro", Tier::Pro, "500")] },
            Self::Saas => const { &[plan("saas-pro", "Pro", Tier::Pro, "500")] },
        }
    }
}

impl std::str::FromStr for Profile {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::Credits;

    use super::*;
    use crate::{Label, OperationTypeId, Prose};

    #[test]
    fn every_default_is_a_value() {
        for profile in Profile::ALL {
            assert_eq!(profile.as_str().parse(), Ok(profile));
            for offer in profile.offers() {
                assert!(offer.operation.parse::<OperationTypeId>().is_ok(), "{offer:?}");
                assert!(offer.description.parse::<Prose<1000>>().is_ok(), "{offer:?}");
                let prices = [offer.unit_price].into_iter().chain(offer.edit_price);
                assert!(prices.into_iter().all(|price| price.parse::<Credits>().is_ok()));
            }
            for plan in profile.plans() {
                assert!(plan.credits.parse::<Credits>().is_ok(), "{plan:?}");
                assert!(plan.id.parse::<Label<255>>().is_ok(), "{plan:?}");
            }
        }
    }
}
