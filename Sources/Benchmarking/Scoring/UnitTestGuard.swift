internal import ProviderCore

/// What watches over a program that tests an answer: a process of its own, which starts the program and alone knows what is
/// written when the tests have ended.
///
/// The program has a last part that asks for a number over descriptor 9 and gives it back. The number is sent when it is asked for,
/// so after all that stands before; neither it nor the mark is in the memory of the program's process. A shell cannot ask: there
/// the number waits on descriptor 8. So an answer does not pass that ends the program early, or writes all that it finds in its
/// own process. What runs in one process with the tests can still cheat by intent: speak as the last part does, or put something
/// else in the place of what the tests call. Only tests in another process than the answer's could keep that out.
enum UnitTestGuard {
    /// The last part of a program; nil for a language that is not known.
    static func end(_ language: String) -> String? {
        switch language {
        case "python": pythonEnd
        case "javascript": javascriptEnd
        case "sh": shellEnd
        default: nil
        }
    }

    /// The program that watches over a program with its last part. It ends as that does, and writes `mark` on a line when that
    /// came to its end and gave back `number`.
    static func text(around program: String, _ language: String, mark: String, number: String) -> String {
        // The program comes last into its place, so that no word in it is taken for one.
        func filled(_ text: String, _ spelt: String) -> String {
            text.replacing("MARK", with: mark).replacing("NUMBER", with: number)
                .replacing("PROGRAM", with: spelt, maxReplacements: 1)
        }
        switch language {
        case "python": return filled(python, JSONWriter.string(.string(program)))
        case "javascript": return filled(javascript, JSONWriter.string(.string(program)))
        default: return filled(shell, quoted(program))
        }
    }

    /// A text as one word of a shell.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("\0", with: "").replacing("'", with: "'\\''") + "'"
    }

    /// Watches over Python.
    private static let python = #"""
        import os, select, signal, socket, subprocess, sys
        number = b"NUMBER"
        ours, theirs = socket.socketpair()
        os.dup2(theirs.fileno(), 9)
        theirs.close()
        child = subprocess.Popen([sys.executable, "-I", "-"], stdin=subprocess.PIPE, pass_fds=[9])
        os.close(9)
        try:
            child.stdin.write(PROGRAM.encode("utf-8", "replace"))
            child.stdin.close()
        except OSError:
            pass
        while not select.select([ours], [], [], 0.05)[0] and child.poll() is None:
            pass
        heard = b""
        try:
            ours.settimeout(0 if child.poll() is not None else None)
            if ours.recv(1) == b"?":
                ours.sendall(number)
                heard = ours.recv(len(number))
                ours.sendall(b".")
        except OSError:
            pass
        status = child.wait()
        if status < 0:
            try:
                signal.signal(-status, signal.SIG_DFL)
            except (OSError, ValueError):
                pass
            os.kill(os.getpid(), -status)
            sys.exit(128 - status)
        if status != 0 or heard != number:
            sys.exit(status)
        print("\nMARK")

        """#

    /// The last part of Python.
    private static let pythonEnd = #"""

        import socket as _link
        _link = _link.socket(fileno=9)
        _link.sendall(b"?")
        _link.sendall(_link.recv(99))
        _link.recv(1)

        """#

    /// Watches over JavaScript.
    private static let javascript = #"""
        const child = require("child_process").spawn(process.execPath, [...process.execArgv, "-"], {
          stdio: ["pipe", "inherit", "inherit", "ignore", "ignore", "ignore", "ignore", "ignore", "ignore", "pipe"],
        });
        const number = "NUMBER", link = child.stdio[9];
        let heard = "";
        link.on("data", (bytes) => {
          const isFirst = heard === "";
          heard += bytes;
          if (isFirst && heard === "?") link.write(number);
          if (heard === "?" + number) link.write(".");
        });
        for (const stream of [child, link, child.stdin]) stream.on("error", () => {});
        child.on("exit", (status, signal) => {
          if (signal) {
            setTimeout(() => process.exit(128), 200);
            return process.kill(process.pid, signal);
          }
          if (status === 0 && heard === "?" + number) console.log("\nMARK");
          process.exit(status);
        });
        child.stdin.end(PROGRAM);

        """#

    /// The last part of JavaScript.
    private static let javascriptEnd = #"""

        ;{
          const files = process.getBuiltinModule ? process.getBuiltinModule("fs") : require("fs");
          const bytes = Buffer.alloc(99);
          files.writeSync(9, "?");
          files.writeSync(9, bytes, 0, files.readSync(9, bytes));
          files.readSync(9, bytes);
        }

        """#

    /// Watches over a shell. Its program is piped: as a word it could be too long.
    private static let shell = #"""
        exec 7>&1
        heard=$(printf '%s' PROGRAM | /bin/sh -c 'eval "$(cat)"' 9>&1 >&7 7>&- 8<<END
        NUMBER
        END
        )
        status=$?
        [ $status -le 128 ] || kill -$((status - 128)) $$
        [ "$heard" = NUMBER ] || exit $status
        [ $status -ne 0 ] || printf '\n%s\n' MARK
        exit $status

        """#

    /// The last part of a shell.
    private static let shellEnd = #"""

        tests_status=$?
        [ $tests_status -ne 0 ] || { read -r tests_number <&8 && printf '%s' "$tests_number" >&9; }
        exit $tests_status

        """#
}
