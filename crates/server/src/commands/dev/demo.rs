//! The key and the data that `atelier dev` begins with. Made once; repeating changes nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use access::decide::Issue;
use access::{Lifetime, Scopes};
use kernel::{Credits, UserId};
use ledger::{Action, Label, Operation};
use users::decide::Create;
use users::{Identity, UserFields};

use super::stack::write_private;
use crate::commands::Failure;
use crate::wiring::App;

/// How the demo user signs in: also in the banner's calls.
pub(super) const USER: (&str, &str) = ("demo", "first-user");

/// A key with all scopes: the one of the last start if it is still good, else a new one.
pub(super) async fn api_key(app: &App, folder: &Path) -> Result<String, Failure> {
    let path = folder.join("api-key");
    let failed = |error: std::io::Error| {
        Failure::because(&format!("{} cannot be used", path.display()), &error)
    };
    match fs::read_to_string(&path) {
        Ok(secret) => {
            let known = app.authenticator.authenticate(&secret).await;
            let known = known.map_err(|error| Failure::because("the key is unknown", &error))?;
            if known.is_ok_and(|caller| caller.scopes() == Scopes::all()) {
                return Ok(secret);
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let lifetime: Option<Lifetime> = None;
    let name = "atelier dev".parse().map_err(|error| Failure::because("no key", &error))?;
    let command = Issue { name, scopes: Scopes::all(), lifetime };
    let issued = app
        .api_keys
        .issue(Scopes::all(), &command)
        .await
        .map_err(|error| Failure::because("no key could be issued", &error))?;
    let secret = issued.secret.reveal();
    write_private(&path, secret.as_bytes()).map_err(failed)?;
    Ok(secret)
}

/// A user with some history: a purchase, a charge, a refund, an open hold.
pub(super) async fn data(app: &App) -> Result<(), Failure> {
    let user = user(app).await?;
    let credits = |text: &str| {
        text.parse::<Credits>().map_err(|error| Failure::because("no demo data", &error))
    };
    let image = Operation {
        operation_type: label("IMAGE_GENERATION"),
        model: label("imagen"),
        description: label("A demo image"),
        ..Operation::default()
    };
    let bought =
        Action::Purchase { amount: credits("100")?, expires_at: None, operation: paid("demo-1") };
    post(app, user, "demo-purchase", bought).await?;
    let charge = Action::Deduct { amount: credits("2.50")?, operation: image };
    post(app, user, "demo-charge", charge).await
}

async fn user(app: &App) -> Result<UserId, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::because("no demo user", error);
    let (issuer, subject) = USER;
    let identity = Identity {
        issuer: issuer.parse().map_err(|error| failed(&error))?,
        subject: subject.parse().map_err(|error| failed(&error))?,
    };
    let fields = UserFields {
        email: Some("demo@example.com".parse().map_err(|error| failed(&error))?),
        display_name: Some("Demo user".parse().map_err(|error| failed(&error))?),
        ..UserFields::default()
    };
    let created = app.users.create(&Create { identity, fields }).await;
    Ok(created.map_err(|error| failed(&error))?.user.id)
}

async fn post(app: &App, user: UserId, request: &str, action: Action) -> Result<(), Failure> {
    let request = request.parse().map_err(|error| Failure::because("no demo data", &error))?;
    let command = app.ledger.command(user, request, action);
    let done = app.ledger.execute(command).await;
    done.map_err(|error| Failure::because("no demo data", &error))?;
    Ok(())
}

fn paid(invoice: &str) -> Operation {
    Operation { reference: label(invoice), ..Operation::default() }
}

fn label<const MAX: usize>(text: &str) -> Option<Label<MAX>> {
    Label::parse(text).ok()
}
