//! A file of one H.264 track: MP4 boxes with the index before the data, and times that are exact.

/// Turns pictures a second into ticks: a thousandth of a picture's time each.
const TICKS: u32 = 1_000;

/// What a track is made of.
pub(super) struct Track {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) rate: u32,
    pub(super) millis: u32,
    pub(super) sps: Vec<u8>,
    pub(super) pps: Vec<u8>,
    /// Each picture with the lengths of its units before them, and whether it stands alone.
    pub(super) samples: Vec<(Vec<u8>, bool)>,
}

/// The units of a stream whose units follow start codes.
pub(super) fn units(stream: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    let mut at = 0;
    while at + 3 <= stream.len() {
        if stream[at..at + 3] == [0, 0, 1] {
            starts.push(at + 3);
            at += 3;
        } else {
            at += 1;
        }
    }
    let ends = starts.iter().skip(1).map(|start| start - 3).chain([stream.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let unit = &stream[*start..end];
            let zeros = unit.iter().rev().take_while(|byte| **byte == 0).count();
            &unit[..unit.len() - zeros]
        })
        .filter(|unit| !unit.is_empty())
        .collect()
}

fn boxed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let size = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut made = Vec::with_capacity(size);
    made.extend(word(size));
    made.extend(name);
    for part in parts {
        made.extend(*part);
    }
    made
}

fn word(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

impl Track {
    fn scale(&self) -> u32 {
        self.rate * TICKS
    }

    /// The whole time in ticks: to the millisecond what was asked for.
    fn duration(&self) -> u32 {
        (u64::from(self.millis) * u64::from(self.scale()) / 1_000) as u32
    }

    /// Every picture is shown equally long, but for the last, which makes the sum exact.
    fn times(&self) -> Vec<u8> {
        let count = self.samples.len() as u32;
        let before = (count - 1) * TICKS;
        let last = self.duration().saturating_sub(before).max(1);
        if count == 1 { words(&[0, 1, 1, last]) } else { words(&[0, 2, count - 1, TICKS, 1, last]) }
    }

    /// Writes the file. `comment` says what made it.
    pub(super) fn write(&self, comment: &str) -> Vec<u8> {
        let kind = boxed(b"ftyp", &[b"isom", &word(512), b"isomiso2avc1mp41"]);
        // The index has the same length wherever the data begins.
        let index = self.index(0, comment);
        let index = self.index(kind.len() + index.len() + 8, comment);
        let data: Vec<&[u8]> = self.samples.iter().map(|(bytes, _)| bytes.as_slice()).collect();
        [kind, index, boxed(b"mdat", &data)].concat()
    }

    fn index(&self, data_at: usize, comment: &str) -> Vec<u8> {
        let duration = self.duration();
        let mut head = words(&[0, 0, 0, self.scale(), duration, 0x1_0000, 0x0100_0000, 0, 0]);
        head.extend(words(&MATRIX));
        head.extend(words(&[0, 0, 0, 0, 0, 0, 2]));
        let mut track = words(&[7, 0, 0, 1, 0, duration, 0, 0, 0, 0]);
        track.extend(words(&MATRIX));
        track.extend(words(&[u32::from(self.width) << 16, u32::from(self.height) << 16]));
        let mut media = words(&[0, 0, 0, self.scale(), duration]);
        media.extend([0x55, 0xc4, 0, 0]);
        let handler = [words(&[0, 0]).as_slice(), b"vide", &[0; 12], b"studio\0"].concat();
        let place = boxed(b"dref", &[&words(&[0, 1]), &boxed(b"url ", &[&words(&[1])])]);
        let inner = boxed(
            b"minf",
            &[
                &boxed(b"vmhd", &[&words(&[1, 0, 0])]),
                &boxed(b"dinf", &[&place]),
                &self.table(data_at),
            ],
        );
        let media =
            boxed(b"mdia", &[&boxed(b"mdhd", &[&media]), &boxed(b"hdlr", &[&handler]), &inner]);
        let track = boxed(b"trak", &[&boxed(b"tkhd", &[&track]), &media]);
        let about = [words(&[1, 0]).as_slice(), comment.as_bytes()].concat();
        let about = boxed(b"ilst", &[&boxed(b"\xa9cmt", &[&boxed(b"data", &[&about])])]);
        let handler = [words(&[0, 0]).as_slice(), b"mdirappl", &[0; 9]].concat();
        let about = boxed(b"meta", &[&words(&[0]), &boxed(b"hdlr", &[&handler]), &about]);
        boxed(b"moov", &[&boxed(b"mvhd", &[&head]), &track, &boxed(b"udta", &[&about])])
    }

    fn table(&self, data_at: usize) -> Vec<u8> {
        let size = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes();
        let config = [
            &[1, self.sps[1], self.sps[2], self.sps[3], 0xff, 0xe1][..],
            &size(&self.sps),
            &self.sps,
            &[1],
            &size(&self.pps),
            &self.pps,
        ]
        .concat();
        let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1];
        entry.extend([0; 16]);
        entry.extend(self.width.to_be_bytes());
        entry.extend(self.height.to_be_bytes());
        entry.extend(words(&[0x48_0000, 0x48_0000, 0]));
        // One picture a sample, no name of a compressor, 24 bits, no palette.
        entry.extend([0, 1]);
        entry.extend([0; 32]);
        entry.extend([0, 0x18, 0xff, 0xff]);
        entry.extend(boxed(b"avcC", &[&config]));
        let kinds = boxed(b"stsd", &[&words(&[0, 1]), &boxed(b"avc1", &[&entry])]);
        let count = self.samples.len() as u32;
        let alone: Vec<u32> =
            (1..).zip(&self.samples).filter(|(_, sample)| sample.1).map(|(at, _)| at).collect();
        let sizes: Vec<u32> = self.samples.iter().map(|(bytes, _)| bytes.len() as u32).collect();
        boxed(
            b"stbl",
            &[
                &kinds,
                &boxed(b"stts", &[&self.times()]),
                &boxed(b"stss", &[&words(&[0, alone.len() as u32]), &words(&alone)]),
                &boxed(b"stsc", &[&words(&[0, 1, 1, count, 1])]),
                &boxed(b"stsz", &[&words(&[0, 0, count]), &words(&sizes)]),
                &boxed(b"stco", &[&words(&[0, 1, data_at as u32])]),
            ],
        )
    }
}
