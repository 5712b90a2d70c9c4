//! `atelier models`: the catalogue of models, on the database itself, and how the providers of this
//! machine's settings are.

use app::{ModelFilter, Models, ProbedProvider, Reach, WarnedModel};
use clap::{Args, Subcommand};
use generation::ProviderName;
use kernel::PageSize;

use super::{Failure, print};
use crate::config::Loaded;
use crate::wiring;

#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Lists models by name, with their routes and what there is to warn of
    List,
    /// Asks providers whether they are there, take their keys and have the models
    Probe(Probe),
}

#[derive(Debug, Args)]
pub struct Probe {
    /// Those of these names; all that are set up if there is none
    providers: Vec<ProviderName>,
}

pub async fn run(command: ModelsCommand, loaded: Loaded) -> Result<(), Failure> {
    let models = wiring::models(&loaded.config()?).await;
    let models = models.map_err(|error| Failure::because("nothing was done", &error))?;
    match command {
        ModelsCommand::List => list(&models).await,
        ModelsCommand::Probe(Probe { providers }) => {
            let probed = models.probe(&providers).await;
            let probed = probed
                .map_err(|error| Failure::because("the providers cannot be asked", &error))?;
            print(&probed.iter().map(told_provider).collect::<String>())
        }
    }
}

async fn list(models: &Models) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = models.list(&ModelFilter::default(), PageSize::MAX, after).await;
        let page = page.map_err(|error| Failure::because("the models cannot be listed", &error))?;
        print(&page.items.iter().map(told_model).collect::<String>())?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn told_model(found: &WarnedModel) -> String {
    let WarnedModel { model, warnings } = found;
    let routes = model.fields.routes.iter().map(|one| {
        let (position, weight, route) = (one.position, one.weight, &one.route);
        format!("  {position} x{weight} {} {}\n", route.provider, route.model)
    });
    let life = &model.life;
    format!(
        "{}: {}{}{}{}\n{}",
        model.name,
        life.state,
        life.shutdown.as_ref().map(|day| format!(", until {day}")).unwrap_or_default(),
        life.replacement.as_ref().map(|name| format!(", then {name}")).unwrap_or_default(),
        warnings.iter().map(|warning| format!(" ({warning})")).collect::<String>(),
        routes.collect::<String>(),
    )
}

fn told_provider(probed: &ProbedProvider) -> String {
    let reach = match probed.reach {
        Reach::Ready => "ready",
        Reach::Answers => "answers, and does not tell whether it takes the key",
        Reach::KeyRefused => "refuses the key",
        Reach::Unreachable => "cannot be reached",
    };
    let models = probed.models.iter().map(|one| {
        let found = match one.found {
            Some(true) if one.unable.is_empty() => "found".to_owned(),
            Some(true) => {
                let unable: Vec<&str> = one.unable.iter().map(|ability| ability.as_str()).collect();
                format!("found, and cannot do {}", unable.join(", "))
            }
            Some(false) => "MISSING".to_owned(),
            None => "not listed by the provider".to_owned(),
        };
        let until = one.shutdown.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
        format!("  {} as {}: {found}{until}\n", one.model, one.provider_model)
    });
    format!(
        "{}: {reach}{}{}\n{}",
        probed.provider,
        probed.message.as_ref().map(|text| format!(": {text}")).unwrap_or_default(),
        probed.closed_until.map(|at| format!(", closed until {at}")).unwrap_or_default(),
        models.collect::<String>(),
    )
}
