use std::process::Command;

use openh264::decoder::Decoder;
use openh264::formats::YUVSource;
use studio::video::{self, Video, VideoOrder};
use studio::{StudioError, Work};

use crate::draw;

fn words(prompt: &str, millis: u32) -> VideoOrder {
    let (prompt, style, frames) = (prompt.to_owned(), None, Vec::new());
    VideoOrder { prompt, style, frames, millis, width: 192, height: 108, seed: 1 }
}

fn film(order: &VideoOrder) -> Video {
    video::make(order, &Work::default()).unwrap()
}

/// The contents of the first box of a name, looked for within boxes by the path.
fn inside<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> &'a [u8] {
    let Some((name, path)) = path.split_first() else { return bytes };
    let mut at = 0;
    while at + 8 <= bytes.len() {
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        if bytes[at + 4..at + 8] == **name {
            return inside(&bytes[at + 8..at + size], path);
        }
        at += size;
    }
    panic!("no {:?}", String::from_utf8_lossy(*name))
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

const TABLE: [&[u8; 4]; 5] = [b"moov", b"trak", b"mdia", b"minf", b"stbl"];

fn table<'a>(bytes: &'a [u8], name: &'a [u8; 4]) -> &'a [u8] {
    inside(inside(bytes, &TABLE), &[name])
}

/// The brightness of every frame, decoded.
fn decoded(bytes: &[u8]) -> Vec<(usize, usize, Vec<u8>)> {
    let sizes = table(bytes, b"stsz");
    let mut at = number(table(bytes, b"stco"), 8) as usize;
    let config = &table(bytes, b"stsd")[8 + 8 + 78 + 8..];
    let sps = usize::from(u16::from_be_bytes([config[6], config[7]]));
    let pps = usize::from(u16::from_be_bytes([config[9 + sps], config[10 + sps]]));
    let start = [0, 0, 0, 1];
    let mut head =
        [&start[..], &config[8..8 + sps], &start, &config[11 + sps..11 + sps + pps]].concat();
    let mut decoder = Decoder::new().unwrap();
    let mut frames = Vec::new();
    for index in 0..number(sizes, 8) as usize {
        let end = at + number(sizes, 12 + index * 4) as usize;
        let mut stream = std::mem::take(&mut head);
        while at < end {
            let size = number(bytes, at) as usize;
            stream.extend(start);
            stream.extend(&bytes[at + 4..at + 4 + size]);
            at += 4 + size;
        }
        if let Some(frame) = decoder.decode(&stream).unwrap() {
            let (width, height) = frame.dimensions();
            let luma =
                (0..height).flat_map(|y| frame.y()[y * frame.strides().0..][..width].to_vec());
            frames.push((width, height, luma.collect()));
        }
    }
    for frame in decoder.flush_remaining().unwrap() {
        frames.push((frame.dimensions().0, frame.dimensions().1, frame.y().to_vec()));
    }
    frames
}

#[test]
fn a_video_of_words_decodes_and_moves() {
    let made = film(&words("pan right over a castle", 1_000));
    let frames = decoded(&made.bytes);
    assert_eq!((made.frames, frames.len()), (24, 24));
    assert!(frames.iter().all(|(width, height, _)| (*width, *height) == (192, 108)));
    let (first, last) = (&frames[0].2, &frames[23].2);
    assert!(first.iter().max().unwrap() - first.iter().min().unwrap() > 60, "one colour");
    let moved = first.iter().zip(last).filter(|(a, b)| a.abs_diff(**b) > 10).count();
    assert!(moved > first.len() / 20, "{moved} pixels moved");
}

#[test]
fn shots_last_as_long_as_asked() {
    let pictures = [("a red car", 777), ("a forest at night", 500), ("a fish", 333)];
    let frames = pictures.map(|(prompt, millis)| (draw(prompt, None), millis)).into();
    let made = film(&VideoOrder { frames, ..words("slow zoom in", 0) });
    assert_eq!((made.millis, made.frames), (1_610, 39));
    let head = inside(&made.bytes, &[b"moov", b"mvhd"]);
    let (scale, duration) = (u64::from(number(head, 12)), u64::from(number(head, 16)));
    assert_eq!(duration * 1_000, 1_610 * scale);
    let times = table(&made.bytes, b"stts");
    let runs = (0..number(times, 4) as usize)
        .map(|i| (number(times, 8 + i * 8), number(times, 12 + i * 8)));
    let (count, sum) =
        runs.fold((0, 0), |(all, sum), (count, delta)| (all + count, sum + count * delta));
    assert_eq!((count, u64::from(sum)), (39, duration));
}

#[test]
fn the_same_order_is_the_same_video() {
    let order = words("a boat in the rain", 400);
    assert_eq!(film(&order), film(&order));
    assert_ne!(film(&order).bytes, film(&words("a boat at night", 400)).bytes);
}

#[test]
fn work_is_counted_and_can_be_stopped() {
    let work = Work::default();
    video::make(&words("a hill", 300), &work).unwrap();
    assert_eq!(work.percent(), 100);
    let work = Work::default();
    work.cancel();
    assert!(matches!(video::make(&words("a hill", 300), &work), Err(StudioError::Cancelled)));
}

#[test]
fn videos_are_bounded() {
    let wrong = [
        words("a hill", 0),
        words("a hill", 30_001),
        VideoOrder { width: 1_922, ..words("a hill", 100) },
        VideoOrder { width: 1_900, height: 1_082, ..words("a hill", 100) },
    ];
    for order in wrong {
        assert!(video::make(&order, &Work::default()).is_err(), "{order:?}");
    }
}

#[test]
fn ffprobe_agrees_where_it_is_installed() {
    let folder = std::env::temp_dir().join(format!("studio-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("video.mp4");
    std::fs::write(&path, film(&words("a lake", 1_500)).bytes).unwrap();
    let asked = "stream=codec_name,width,height,nb_read_frames,duration";
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-show_entries", asked, "-of", "csv=p=0"])
        .arg(&path)
        .output();
    match probe {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(text.trim(), "h264,192,108,1.500000,36", "{output:?}");
        }
        Err(_) => println!("ffprobe is not installed: not compared"),
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
