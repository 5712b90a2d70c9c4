//! The small shell process between us and Postgres, which outlives us just long enough to end it.
//!
//! A shell, because a child can only be tied to its parent's death from inside the child, and the
//! kernel's own means for that need unsafe code. Whether Postgres works is not judged here.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::time::Duration;

use crate::account::Account;

/// Ends the program when the pipe on stdin closes, which the kernel does even for `kill -9`.
/// The reader is a process of its own, so that either half may be killed.
const ON_A_PIPE: &str = r#"
exec 3<&0 </dev/null
"$@" >&2 3<&- &
program=$!
echo "$program"
exec >&2
(read -r _ <&3; kill -QUIT "$program") &
reader=$!
exec 3<&-
wait "$program"
status=$?
kill -KILL "$reader"
wait "$reader"
exit "$status"
"#;

/// Ends the program when a whole period passed in which nobody renewed `beat`, or when the run's
/// folder is gone, and then deletes the data. When the program ended by itself, the folder stays
/// for whoever starts it again or asks why. Before it ends a server it shows `closing` for a
/// second and looks again: who renews `beat` and then sees no `closing` can rely on the server.
const WHILE_USED: &str = r#"
trap '' HUP INT
run=$1 period=$2
shift 2
"$@" </dev/null >&2 &
program=$!
echo "$program"
exec >&2
touch "$run/seen"
seconds=0
while [ -d "$run" ]; do
    kill -0 "$program" || exit
    sleep 1
    seconds=$((seconds + 1))
    [ "$seconds" -lt "$period" ] && continue
    seconds=0
    if [ "$run/beat" -nt "$run/seen" ]; then touch "$run/seen"; continue; fi
    touch "$run/closing"
    sleep 1
    if [ "$run/beat" -nt "$run/seen" ]; then rm -f "$run/closing"; continue; fi
    break
done 2>/dev/null
kill -QUIT "$program" 2>/dev/null
wait "$program"
rm -rf "$run"/* "$run" 2>/dev/null
"#;

/// What keeps the program alive.
#[derive(Debug, Clone)]
pub(crate) enum Leash {
    /// This process.
    Pipe,
    /// Somebody who renews the file `beat` in the folder `run` at least once a period.
    Use { run: PathBuf, period: Duration },
}

/// A program with its guardian.
#[derive(Debug)]
pub(crate) struct Guarded {
    /// The guardian. It ends with the program's status.
    pub(crate) child: Child,
    /// Dropping it ends the program.
    pub(crate) pipe: Option<ChildStdin>,
    /// The program itself.
    pub(crate) pid: i32,
}

/// Runs `program`. All its output goes to `log`.
pub(crate) fn guard(
    account: Account,
    leash: &Leash,
    program: &Path,
    arguments: &[OsString],
    log: File,
) -> io::Result<Guarded> {
    let mut command = account.command(Path::new("/bin/sh"));
    match leash {
        Leash::Pipe => {
            command.args(["-c", ON_A_PIPE, "atelier-guardian"]).stdin(Stdio::piped());
        }
        Leash::Use { run, period } => {
            command.args(["-c", WHILE_USED, "atelier-guardian"]).arg(run);
            command.arg(period.as_secs().max(1).to_string()).stdin(Stdio::null());
        }
    }
    // In a group of its own: Ctrl-C in the terminal is for us, and we stop the server in order.
    command.arg(program).args(arguments).process_group(0).stdout(Stdio::piped()).stderr(log);
    let mut child = command.spawn()?;
    let pipe = child.stdin.take();
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    if let Ok(pid) = line.trim_end().parse() {
        return Ok(Guarded { child, pipe, pid });
    }
    drop(pipe);
    child.wait()?;
    Err(io::Error::other("the guardian did not start"))
}
