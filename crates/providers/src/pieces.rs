//! Several pieces from one answer or from several: what is complete, what is a success in part, and
//! which failure counts.

use futures_util::future::join_all;
use generation::{Ask, Call, Class, Cost, Failure, Made, MadeFile, Piece, RemoteFile};
use http::HeaderMap;
use serde_json::Value;

use crate::client::Client;
use crate::failures::{lost, unfit};
use crate::http::{Answer, Request};
use crate::media;

/// As many pieces as are asked for at the same time.
const REQUESTS_MAX: u32 = 10;

pub(crate) fn bytes(bytes: Vec<u8>) -> Piece {
    Piece::File(MadeFile::Bytes(bytes))
}

/// The file at an address, or in it.
pub(crate) fn remote(url: &str) -> Piece {
    match media::data_url(url) {
        Some(found) => bytes(found),
        None => Piece::File(MadeFile::Remote(RemoteFile { url: url.to_owned() })),
    }
}

/// The pieces of an answer that was asked for `count`. `why` says what it means that there are
/// none.
pub(crate) fn counted(
    mut pieces: Vec<Piece>,
    count: u32,
    note: Option<String>,
    why: impl FnOnce() -> Failure,
) -> Result<Made, Failure> {
    if pieces.is_empty() {
        return Err(why());
    }
    let asked = usize::try_from(count).unwrap_or(usize::MAX);
    pieces.truncate(asked);
    let note = (pieces.len() < asked)
        .then(|| note.unwrap_or_else(|| format!("the provider made {} of {count}", pieces.len())));
    Ok(Made { pieces, note, cost: None })
}

/// Asks for pieces one by one, all at the same time, each by a request that is sent once.
pub(crate) async fn one_by_one(
    client: &Client,
    call: &Call,
    request: impl Fn(&Call) -> Result<Request, Failure>,
    read: impl Fn(&Answer) -> Result<Made, Failure>,
) -> Result<Made, Failure> {
    let count = call.ask.count().max(1);
    if count > REQUESTS_MAX {
        return Err(unfit(format!("the model makes at most {REQUESTS_MAX} pictures at once")));
    }
    let requests = (0..count).map(|nth| request(&with_seed(call, nth)));
    let requests: Vec<Request> = requests.collect::<Result<_, _>>()?;
    let sent = requests.iter().map(|request| client.create(request, call.patience));
    gather(join_all(sent).await.into_iter().map(|answer| read(&answer?)))
}

/// The same call with a seed of its own, or the pieces would be the same too.
fn with_seed(call: &Call, nth: u32) -> Call {
    let mut call = call.clone();
    if let Ask::Image(image) = &mut call.ask {
        image.seed = image.seed.map(|seed| seed.wrapping_add(nth));
    }
    call
}

/// What came of several requests that make one piece each. If nothing came, the failure that says
/// the least about what the provider did stands for all.
pub(crate) fn gather(
    results: impl Iterator<Item = Result<Made, Failure>>,
) -> Result<Made, Failure> {
    let mut whole = Made { pieces: Vec::new(), note: None, cost: None };
    let mut failures = Vec::new();
    for result in results {
        match result {
            Ok(made) => {
                whole.pieces.extend(made.pieces);
                whole.note = whole.note.or(made.note);
                whole.cost = sum(whole.cost, made.cost);
            }
            Err(failure) => failures.push(failure),
        }
    }
    let unknown = failures.iter().position(|failure| failure.class == Class::Ambiguous);
    let Some(first) = failures.into_iter().nth(unknown.unwrap_or(0)) else { return Ok(whole) };
    if whole.pieces.is_empty() {
        return Err(first);
    }
    Ok(Made { note: Some(first.message), ..whole })
}

// Each of the costs is a whole number where several are summed.
fn sum(one: Option<Cost>, other: Option<Cost>) -> Option<Cost> {
    let (Some(a), Some(b)) = (&one, &other) else { return one.or(other) };
    let amount = a.amount.parse::<u64>().ok()?.checked_add(b.amount.parse().ok()?)?;
    (a.unit == b.unit).then(|| Cost { amount: amount.to_string(), unit: a.unit.clone() })
}

/// A cost that the answer has as a number.
pub(crate) fn cost(value: &Value, place: &str, unit: &str) -> Option<Cost> {
    let number = value.pointer(place)?.as_number()?;
    Some(Cost { amount: number.to_string(), unit: unit.to_owned() })
}

/// A cost that the answer's head has as a number.
pub(crate) fn cost_in_head(headers: &HeaderMap, name: &str, unit: &str) -> Option<Cost> {
    let amount = headers.get(name)?.to_str().ok()?;
    amount.parse::<f64>().ok()?;
    Some(Cost { amount: amount.to_owned(), unit: unit.to_owned() })
}

/// Base64 texts as pieces. What cannot be read was made and is lost, unless others can be.
pub(crate) fn decoded<'a>(texts: impl Iterator<Item = &'a str>) -> (Vec<Piece>, Option<Failure>) {
    let mut pieces = Vec::new();
    let mut broken = None;
    for text in texts {
        match media::decode(text) {
            Some(found) => pieces.push(bytes(found)),
            None => broken = Some(lost("what the provider made cannot be decoded")),
        }
    }
    (pieces, broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, tokens: &str) -> Made {
        let cost = Cost { amount: tokens.to_owned(), unit: "tokens".to_owned() };
        Made { cost: Some(cost), ..Made::one(bytes(text.as_bytes().to_vec())) }
    }

    #[test]
    fn too_few_are_a_success_in_part_and_none_a_failure() {
        let pieces = vec![remote("https://x/1"), remote("data:image/png;base64,aGk=")];
        let all = counted(pieces.clone(), 2, Some("why".to_owned()), || lost("x")).unwrap();
        assert_eq!((all.pieces.len(), all.note), (2, None));
        assert_eq!(all.pieces[1], bytes(b"hi".to_vec()));
        let some = counted(pieces.clone(), 4, None, || lost("x")).unwrap();
        assert_eq!(some.note.as_deref(), Some("the provider made 2 of 4"));
        assert_eq!(counted(pieces, 1, None, || lost("x")).unwrap().pieces.len(), 1);
        assert_eq!(counted(Vec::new(), 1, None, || lost("x")), Err(lost("x")));
    }

    #[test]
    fn each_of_several_pieces_has_a_seed_of_its_own() {
        let image = generation::ImageAsk { seed: Some(u32::MAX), ..crate::testing::image() };
        let call = crate::testing::call("m", Ask::Image(image));
        let seed = |nth| {
            let Ask::Image(image) = with_seed(&call, nth).ask else { panic!("a picture") };
            image.seed
        };
        assert_eq!([seed(0), seed(1)], [Some(u32::MAX), Some(0)]);
    }

    #[test]
    fn pieces_of_several_answers_are_gathered() {
        let unknown = Failure::new(Class::Ambiguous, "unknown");
        let limited = Failure::new(Class::RateLimited { retry_after: None }, "limited");
        let some = [Ok(made("a", "3")), Err(limited.clone()), Ok(made("b", "4"))];
        let whole = gather(some.into_iter()).unwrap();
        assert_eq!(whole.pieces.len(), 2);
        assert_eq!(whole.note.as_deref(), Some("limited"));
        assert_eq!(whole.cost.unwrap().amount, "7");
        let none = [Err(limited), Err(unknown.clone())];
        assert_eq!(gather(none.into_iter()), Err(unknown));
    }
}
