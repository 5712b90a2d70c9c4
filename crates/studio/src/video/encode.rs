//! From shots to bytes: every frame is drawn, turned into light and colour, and encoded.

use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Encoder, EncoderConfig, FrameRate, IntraFramePeriod, RateControlMode, VuiConfig,
};
use openh264::formats::YUVSlices;

use super::motion::Flying;
use super::mp4::{Track, units};
use super::{LONGER_MAX, MILLIS_MAX, RATE, SHORTER_MAX, Shot, VideoOrder};
use crate::cancel::Work;
use crate::error::StudioError;
use crate::image::mark;
use crate::paint::chance::VERSION;
use crate::paint::filter::Picture;

/// A video and what it turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    pub bytes: Vec<u8>,
    pub frames: u32,
    pub millis: u32,
    pub width: u32,
    pub height: u32,
}

/// Frames over which one shot turns into the next.
const DISSOLVE: u32 = 8;

/// Fails if an order is not one that is made.
pub fn check(order: &VideoOrder) -> Result<(), StudioError> {
    let (longer, shorter) = (order.width.max(order.height), order.width.min(order.height));
    if shorter < crate::image::SIDE_MIN {
        return Err(StudioError::Empty { what: "size" });
    }
    if longer > LONGER_MAX || shorter > SHORTER_MAX {
        return Err(StudioError::TooLarge {
            what: "shorter side of the video",
            max: SHORTER_MAX.into(),
        });
    }
    let millis: u64 = order.frames.iter().map(|(_, millis)| u64::from(*millis)).sum();
    let millis = if order.frames.is_empty() { u64::from(order.millis) } else { millis };
    if millis == 0 {
        return Err(StudioError::Empty { what: "duration" });
    }
    if millis > u64::from(MILLIS_MAX) {
        return Err(StudioError::TooLarge {
            what: "duration in milliseconds",
            max: MILLIS_MAX.into(),
        });
    }
    Ok(())
}

/// Draws and encodes all frames of all shots.
pub(super) fn encode(
    order: &VideoOrder,
    shots: &[Shot],
    seed: u64,
    work: &Work,
) -> Result<Video, StudioError> {
    // Macroblocks come in pairs of pixels.
    let (width, height) = (order.width & !1, order.height & !1);
    let pixels = width as usize * height as usize;
    let millis: u32 = shots.iter().map(|shot| shot.millis).sum();
    let frame_at = |millis: u32| (u64::from(millis) * u64::from(RATE) + 500) / 1_000;
    let total = (frame_at(millis) as u32).max(1);
    work.expect(total);
    let mut encoder = Encoder::with_api_config(OpenH264API::from_source(), settings(width, height))
        .map_err(StudioError::encode)?;
    let flying = Flying::read(&order.prompt);
    let stamp = mark::overlay(width, height);
    let mut track = Track {
        width: width as u16,
        height: height as u16,
        rate: RATE,
        millis,
        sps: Vec::new(),
        pps: Vec::new(),
        samples: Vec::with_capacity(total as usize),
    };
    let mut frame = vec![0; pixels * 3];
    let mut before: Option<Vec<u8>> = None;
    let (mut done, mut elapsed) = (0, 0);
    for shot in shots {
        let first = done;
        elapsed += shot.millis;
        let end = (frame_at(elapsed) as u32).clamp(done, total);
        let end = if elapsed == millis { total } else { end };
        for index in first..end {
            work.check()?;
            let time = (index - first) as f32 / (end - first).max(2) as f32;
            shot.draw(time, &mut frame, (width, height));
            if let Some(before) = &before
                && index - first < DISSOLVE
            {
                dissolve(&mut frame, before, (index - first + 1) as f32 / (DISSOLVE + 1) as f32);
            }
            let plain = (index + 1 == end).then(|| frame.clone());
            flying.draw(&mut frame, (width, height), index as f32 / RATE as f32, seed);
            stamp_on(&mut frame, &stamp);
            add(&mut track, &mut encoder, &frame, (width, height))?;
            work.step();
            before = plain.or(before);
        }
        done = end;
    }
    let comment = format!("provider=studio engine=video seed={} version={VERSION}", order.seed);
    let bytes = track.write(&comment);
    Ok(Video { bytes, frames: total, millis, width, height })
}

fn settings(width: u32, height: u32) -> EncoderConfig {
    // Only what the level of the stream is chosen by: the quality is the same for every frame.
    let bits = (width * height / 10 * RATE).clamp(300_000, 12_000_000);
    EncoderConfig::new()
        .bitrate(BitRate::from_bps(bits))
        .max_frame_rate(FrameRate::from_hz(RATE as f32))
        .rate_control_mode(RateControlMode::Off)
        .skip_frames(false)
        .intra_frame_period(IntraFramePeriod::from_num_frames(RATE * 2))
        // One thread: the same bytes each time.
        .num_threads(1)
        .vui(VuiConfig::bt709())
}

fn dissolve(frame: &mut [u8], before: &[u8], part: f32) {
    let part = (part * 256.0) as u32;
    for (to, from) in frame.iter_mut().zip(before) {
        *to = ((u32::from(*to) * part + u32::from(*from) * (256 - part)) >> 8) as u8;
    }
}

fn stamp_on(frame: &mut [u8], stamp: &Picture) {
    for (to, from) in frame.chunks_exact_mut(3).zip(stamp.pixels.chunks_exact(4)) {
        let alpha = u32::from(from[3]);
        if alpha > 0 {
            for part in 0..3 {
                to[part] = ((u32::from(to[part]) * (255 - alpha) + u32::from(from[part]) * alpha)
                    / 255) as u8;
            }
        }
    }
}

fn add(
    track: &mut Track,
    encoder: &mut Encoder,
    frame: &[u8],
    (width, height): (u32, u32),
) -> Result<(), StudioError> {
    let (w, h) = (width as usize, height as usize);
    let (luma, blue, red) = light_and_color(frame, w, h);
    let source = YUVSlices::new((&luma, &blue, &red), (w, h), (w, w / 2, w / 2));
    let stream = encoder.encode(&source).map_err(StudioError::encode)?.to_vec();
    let (mut sample, mut alone) = (Vec::with_capacity(stream.len()), false);
    for unit in units(&stream) {
        match unit[0] & 31 {
            7 => track.sps = unit.to_vec(),
            8 => track.pps = unit.to_vec(),
            kind => {
                alone |= kind == 5;
                sample.extend((unit.len() as u32).to_be_bytes());
                sample.extend(unit);
            }
        }
    }
    if track.sps.len() < 4 || sample.is_empty() {
        return Err(StudioError::encode("the encoder left out a frame"));
    }
    track.samples.push((sample, alone));
    Ok(())
}

/// BT.709 in studio range, colours at half the size.
fn light_and_color(frame: &[u8], w: usize, h: usize) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let mut luma = vec![0; w * h];
    for (to, from) in luma.iter_mut().zip(frame.chunks_exact(3)) {
        let (r, g, b) = (i32::from(from[0]), i32::from(from[1]), i32::from(from[2]));
        *to = ((47 * r + 157 * g + 16 * b + 128) / 256 + 16) as u8;
    }
    let (mut blue, mut red) = (Vec::with_capacity(w * h / 4), Vec::with_capacity(w * h / 4));
    for y in (0..h).step_by(2) {
        for x in (0..w).step_by(2) {
            let mut sums = [0i32; 3];
            for at in [y * w + x, y * w + x + 1, (y + 1) * w + x, (y + 1) * w + x + 1] {
                for (sum, part) in sums.iter_mut().zip(&frame[at * 3..at * 3 + 3]) {
                    *sum += i32::from(*part);
                }
            }
            let [r, g, b] = sums;
            blue.push(((-26 * r - 87 * g + 112 * b + 512) / 1024 + 128).clamp(0, 255) as u8);
            red.push(((112 * r - 102 * g - 10 * b + 512) / 1024 + 128).clamp(0, 255) as u8);
        }
    }
    (luma, blue, red)
}
