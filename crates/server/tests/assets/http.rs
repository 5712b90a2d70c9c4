//! Requests to the store as clients without a key send them.

use http::Request;

/// The code and the body.
pub(crate) async fn send(request: Request<Vec<u8>>) -> (u16, Vec<u8>) {
    let work = move || {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.build().into();
        let mut answer = agent.run(request).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_vec().unwrap())
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

pub(crate) async fn get(url: &str) -> (u16, Vec<u8>) {
    send(Request::get(url).body(Vec::new()).unwrap()).await
}

pub(crate) async fn put<'a>(
    url: &str,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    bytes: &[u8],
) -> (u16, Vec<u8>) {
    let mut request = Request::put(url);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    send(request.body(bytes.to_vec()).unwrap()).await
}
