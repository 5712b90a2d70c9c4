//! The darkroom as a port: places, patience, and files that end whoever decodes them.

use std::time::Duration;

use darkroom::{LocalDarkroom, Patience};
use image::ImageFormat;
use ports::{Darkroom, DarkroomError, Thumbnail};

use crate::{colours, written};

#[tokio::test]
async fn many_files_at_once_are_all_looked_at() {
    let darkroom = LocalDarkroom::new(Patience::default());
    let file = written(&colours(700, 700, false), ImageFormat::Png);
    let tasks = (0..20).map(|_| {
        let (darkroom, file) = (darkroom.clone(), file.clone());
        tokio::spawn(async move { darkroom.develop(file).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        let developed = task.await.unwrap().unwrap();
        assert!(matches!(developed.thumbnail, Thumbnail::Made(_)));
    }
    let views = vec![file; 6];
    assert!(darkroom.sheet(views).await.is_ok());
}

#[tokio::test]
async fn what_takes_too_long_is_not_waited_for() {
    let darkroom = LocalDarkroom::new(Patience(Duration::from_nanos(1)));
    let file = written(&colours(2_000, 2_000, false), ImageFormat::Png);
    let slow = darkroom.develop(file).await;
    assert!(matches!(slow, Err(DarkroomError::TooSlow { .. })), "{slow:?}");
}
