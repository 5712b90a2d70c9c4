//! Files of jobs, read as clients read them, and decoded by a program that is not ours.

use std::process::Command;

use proto::atelier::assets::v1::{Asset, CreateDownloadRequest, GetAssetRequest};
use proto::atelier::generation::v1::{Job, ResultFile, job_result};

use super::shop::Customer;
use crate::assets::http;

/// The files of a job, in order.
pub(super) fn files(job: &Job) -> Vec<ResultFile> {
    let kind = job.result.as_ref().unwrap().kind.clone().unwrap();
    if let job_result::Kind::Files(files) = kind {
        return files.files;
    }
    let job_result::Kind::Character(character) = kind else { panic!("no files: {kind:?}") };
    character.parts.into_iter().map(|part| part.file.unwrap()).collect()
}

impl Customer {
    /// The assets of a job's files: their bytes decode to the end, and are what the assets say.
    pub(super) async fn decoded(&self, job: &Job) -> Vec<Asset> {
        let mut assets = Vec::new();
        for file in files(job) {
            if !file.thumbnail_asset_id.is_empty() {
                let small = self.decode(&file.thumbnail_asset_id).await;
                assert!(small.width().max(small.height()) <= 512, "{small:?}");
            }
            assets.push(self.decode(&file.asset_id).await);
        }
        assets
    }

    async fn decode(&self, id: &str) -> Asset {
        let (user_id, asset_id) = (self.user.clone(), id.to_owned());
        let named = GetAssetRequest { user_id: user_id.clone(), asset_id: asset_id.clone() };
        let asset = self.api.assets.clone().get_asset(named).await.unwrap().into_inner();
        let asset = asset.asset.unwrap();
        let download = CreateDownloadRequest { user_id, asset_id, ..Default::default() };
        let download = self.api.assets.clone().create_download(download).await.unwrap();
        let (code, bytes) = http::get(&download.into_inner().url).await;
        assert_eq!((code, i64::try_from(bytes.len()).ok()), (200, asset.size_bytes));
        compare(&asset, &bytes);
        asset
    }
}

/// FFmpeg decodes every frame without a complaint, and reads the measures that we have stored. Only
/// where it is installed: our own decoders have looked at the bytes before they were stored.
fn compare(asset: &Asset, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(asset.name.rsplit('/').next().unwrap());
    std::fs::write(&path, bytes).unwrap();
    let decode = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(&path)
        .args(["-f", "null", "-"])
        .output();
    let Ok(decode) = decode else {
        println!("ffmpeg is not installed: {} was not compared", asset.name);
        return;
    };
    let said = String::from_utf8_lossy(&decode.stderr).into_owned();
    assert!(decode.status.success() && said.is_empty(), "{}: {said}", asset.name);
    let entries = "stream=width,height:format=duration";
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", entries, "-of", "json"])
        .arg(&path)
        .output()
        .unwrap();
    let probe: serde_json::Value = serde_json::from_slice(&probe.stdout).unwrap();
    let stream = &probe["streams"][0];
    if asset.width.is_some() {
        let told = (stream["width"].as_i64(), stream["height"].as_i64());
        assert_eq!(told, (asset.width.map(i64::from), asset.height.map(i64::from)));
    }
    if let Some(duration) = asset.duration {
        let ours = duration.seconds as f64 + f64::from(duration.nanos) / 1e9;
        let theirs: f64 = probe["format"]["duration"].as_str().unwrap().parse().unwrap();
        assert!((ours - theirs).abs() < 0.1, "{ours} s is {theirs} s by ffprobe");
    }
}
