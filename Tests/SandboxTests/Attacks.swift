import FunctionTools
import Testing

/// One thing that a program of a tool may try.
struct Attack: Sendable, CustomTestStringConvertible {
    /// How it has to end.
    enum Ending: Sendable {
        /// By itself, whatever it says.
        case byItself
        case exit(Int32)
        case timeUp
        /// For a limit, whose words these are.
        case limit(String)
        /// As the machine decides: by itself, or by us.
        case any
    }

    let name: String
    /// `$1` marker, `$2` home, `$3` working folder, `$4` victim's process, `$5` port of a listener, `$6` folder
    /// outside, `$7` an open descriptor of ours on a secret.
    let script: String
    var ending = Ending.byItself
    var limits = CommandLimits(time: .seconds(30))
    /// Text that has to be in the output: what the attack met.
    var meets: [String] = []
    /// Whether it would be the machine's end for a moment where the system does not limit the user's processes: root's.
    var needsLimitedUser = false
    /// Whether the canary is in the output without a sandbox: the control.
    var readsWithoutSandbox = false

    var testDescription: String { name }
}

extension Attack {
    static let all = reading + writing + escaping + devouring + terminal

    /// Each attack by each user of this machine that may try it.
    static let byUser = all.flatMap { attack in
        (attack.needsLimitedUser ? Playground.User.limited : Playground.User.possible).map { (attack, $0) }
    }

    private static func python(_ code: String) -> String { "python3 - \"$@\" <<'END'\nimport os, sys\n\(code)\nEND" }

    static let reading = [
        Attack(name: "prints its variables", script: "env; set; cat /proc/self/environ; export -p"),
        Attack(
            name: "reads our own configuration",
            script: #"cat "$2"/.config/tickertape/* ~/.config/tickertape/key; ls -la "$2""#,
            readsWithoutSandbox: true),
        Attack(
            name: "reads keys of the home folder",
            script:
                #"cat "$2"/.ssh/* "$2"/.aws/* "$2"/.netrc "$2"/notes.txt; cat "$2"/src/other/.env; cat ../../.ssh/id_ed25519"#,
            readsWithoutSandbox: true),
        Attack(
            name: "reads secrets of the working folder",
            script: #"cat .env .env.local own-keys/* .git/config; cp .env /tmp/x; cat /tmp/x; head -c 9 <.env"#,
            readsWithoutSandbox: true),
        Attack(
            name: "follows links out of the working folder",
            script: #"cat link-out folder-out/credentials; ln -s "$2/.ssh/id_ed25519" /tmp/link; cat /tmp/link"#,
            readsWithoutSandbox: true),
        Attack(
            name: "searches everything",
            script: #"grep -rhs tt-canary "$2" "$3" "$6" /dev/shm; ls -A /home /root /run"#,
            readsWithoutSandbox: true),
        Attack(
            name: "reads the variables of other processes",
            script: #"cat /proc/$PPID/environ /proc/"$4"/environ /proc/[0-9]*/environ; ps axe"#,
            readsWithoutSandbox: true),
        Attack(
            name: "reaches files through other processes",
            script: #"""
                for process in 1 $PPID "$4" self; do
                    cat /proc/$process/root"$2"/.ssh/id_ed25519 /proc/$process/cwd/.env /proc/$process/root"$6"/key
                done
                """#, readsWithoutSandbox: true),
        Attack(
            name: "reads the memory of another process",
            script: #"head -c 100 /proc/"$4"/mem; head -c 100 /proc/1/mem; cat /proc/kcore"#),
        Attack(
            name: "traces another process",
            script: python(
                """
                import ctypes
                libc = ctypes.CDLL(None, use_errno=True)
                print("traced", libc.ptrace(16, int(sys.argv[4]), 0, 0))
                """), meets: ["traced -1"]),
        Attack(
            name: "reads descriptors of ours",
            script: #"cat /proc/self/fd/"$7" /dev/fd/"$7"; cat <&3; ls -l /proc/self/fd"#),
        Attack(
            name: "reads system secrets",
            script: "cat /etc/shadow /etc/gshadow /etc/ssh/ssh_host_*_key; head -c 64 /dev/[svn][dv]*"),
        Attack(
            name: "makes name spaces of its own",
            script: #"""
                unshare -Urmpf sh -c 'umount -l "$0"; mount --bind / /mnt; cat "$0"/.ssh/* /mnt"$0"/.ssh/*' "$2"
                bwrap --bind / / --tmpfs /tmp cat "$2/.ssh/id_ed25519"
                """#),
        Attack(
            name: "reads keyrings of the kernel",
            script: python(
                """
                import ctypes
                libc = ctypes.CDLL(None, use_errno=True)
                for ring in (-3, -4, -5):
                    buffer = ctypes.create_string_buffer(4096)
                    print(libc.syscall(250, 6, ring, buffer, 4096), libc.syscall(250, 11, ring, buffer, 4096), buffer.raw[:64])
                """)),
    ]

    static let writing = [
        Attack(
            name: "writes everywhere",
            script: #"""
                for folder in "$2" "$3" "$3/.git/hooks" "$6" /etc /usr/bin /run /sys /home /root /var/lib /dev /proc /; do
                    echo x >"$folder/written-$1" && echo "wrote $folder"
                done
                echo '#!/bin/sh' >.git/hooks/pre-commit && echo wrote hook
                echo more >>readme.txt && echo wrote readme
                """#),
        Attack(
            name: "writes to the temporary folders",
            script: #"for f in /tmp /var/tmp /dev/shm; do echo x >"$f/left-$1"; done; ls /tmp"#,
            ending: .exit(0)),
        Attack(
            name: "deletes and renames",
            script: #"rm -rf "$3"/* "$3"/.git "$2"/.ssh "$6"; mv readme.txt gone.txt; mv "$3" "$3-gone""#),
        Attack(
            name: "changes rights and owners",
            script:
                #"chmod 777 readme.txt "$3" "$6/key"; chown 12345 readme.txt; touch -d 2001-01-01 readme.txt"#
        ),
        Attack(
            name: "links and makes special files",
            script:
                #"ln readme.txt hard; ln readme.txt /tmp/hard && echo x >/tmp/hard; mkfifo fifo; mknod /tmp/x b 254 0 && cat /tmp/x"#
        ),
        Attack(
            name: "mounts",
            script: #"""
                mount -t tmpfs none /mnt; mount -o remount,rw /; mount -o remount,rw,bind "$3"; umount -l "$2"; umount /tmp
                cat "$2/.ssh/id_ed25519"; echo x >"$3/mounted"
                """#),
        Attack(
            name: "changes the kernel's settings",
            script:
                "echo /tmp/x >/proc/sys/kernel/core_pattern; echo c >/proc/sysrq-trigger; hostname attacked"
        ),
        Attack(
            name: "becomes root", script: "su -c id; sudo -n id; grep -E 'NoNewPrivs|CapEff|CapBnd' /proc/self/status",
            meets: ["NoNewPrivs:\t1", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000"]),
        Attack(
            name: "sends to a port of this machine",
            script: python(
                """
                import socket
                for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0"):
                    try: socket.create_connection((host, int(sys.argv[5])), 2); print("connected")
                    except OSError as error: print(error)
                """) + "\ncurl -s -m 2 http://127.0.0.1:$5/; bash -c \"echo x >/dev/tcp/127.0.0.1/$5\""),
        Attack(
            name: "talks to a service by the path of its socket",
            script: python(
                """
                import socket
                try:
                    socket.socket(socket.AF_UNIX).connect(sys.argv[3] + "/service")
                    print("connected")
                except OSError as error: print(error)
                """)),
        Attack(
            name: "sends to the internet",
            script: "curl -sS -m 2 http://192.0.2.1/; getent hosts example.org; cat /proc/net/route"),
    ]

    static let escaping = [
        Attack(
            name: "leaves a sleeper", script: "setsid nohup sleep 9999.$1 >/dev/null 2>&1 & exit 3", ending: .exit(3)),
        Attack(
            name: "keeps the pipe open", script: "sleep 9999.$1 & echo done; exit 4", ending: .exit(4), meets: ["done"]),
        Attack(
            name: "forks twice", script: #"( ( setsid sh -c 'sleep 9999.$0; true' "$1" & ) & ) ; exit 5"#,
            ending: .exit(5)),
        Attack(
            name: "becomes a daemon",
            script: python(
                """
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        os.closerange(0, 256)
                        os.execve("/bin/sleep", ["sleep", "9999." + sys.argv[1]], {})
                    os._exit(0)
                os.wait()
                """), ending: .exit(0)),
        Attack(
            name: "ignores SIGTERM",
            script: #"trap '' TERM INT HUP; echo here; while :; do sh -c 'trap "" TERM; sleep 9999.$0' "$1"; done"#,
            ending: .timeUp, limits: CommandLimits(time: .seconds(2)), meets: ["here"]),
        Attack(
            name: "stops itself", script: #"sh -c 'kill -STOP $$; sleep 9999.$0' "$1" & kill -STOP $$; echo continued"#,
            ending: .timeUp, limits: CommandLimits(time: .milliseconds(300))),
        Attack(name: "kills us", script: #"kill -9 $PPID "$4"; kill -9 "$4" 1; kill -9 -1; echo alive"#, ending: .any),
        Attack(
            name: "starts more and more",
            script: python(
                """
                import time
                while True:
                    try:
                        if os.fork() == 0: os.execvp("sleep", ["sleep", "9999." + sys.argv[1]])
                    except OSError: pass
                    time.sleep(0.002)
                """), ending: .any, limits: CommandLimits(time: .seconds(1), processes: 30)),
        Attack(
            name: "forks without end", script: "f() { f | f & f; }; f; : $1", ending: .any,
            limits: CommandLimits(time: .milliseconds(800), processes: 30), needsLimitedUser: true),
    ]

    static let devouring = [
        Attack(
            name: "prints without end", script: "yes 0123456789abcdef$1", ending: .timeUp,
            limits: CommandLimits(time: .seconds(2)), meets: ["bytes left out"]),
        Attack(
            name: "takes memory", script: python("x = []\nwhile True: x.append(bytearray(1 << 20))"), ending: .exit(1),
            limits: CommandLimits(memory: 256 << 20), meets: ["MemoryError"]),
        Attack(
            name: "takes memory with many processes",
            script:
                #"for i in 1 2 3 4 5 6; do head -c 60000000 /dev/zero | tail -c 60000000 | sh -c 'sleep 9999.$0' "$1" & done; wait"#,
            ending: .limit("memory"), limits: CommandLimits(time: .seconds(20), memory: 200 << 20)),
        Attack(
            name: "writes a large file",
            script: "head -c 100000000 /dev/zero >/tmp/x; echo $?; rm /tmp/x; exec dd if=/dev/zero of=/tmp/y bs=1M",
            ending: .limit("8 MiB"), limits: CommandLimits(fileSize: 8 << 20)),
        Attack(
            name: "fills the disk",
            script: #"""
                i=0; while [ $i -lt 40 ]; do i=$((i+1)); head -c 2000000 /dev/zero >/tmp/$i || break; done
                i=0; while [ $i -lt 40 ]; do i=$((i+1)); head -c 2000000 /dev/zero >/dev/shm/$i || exit 6; done
                """#, ending: .exit(6), limits: CommandLimits(fileSize: 8 << 20), meets: ["No space left"]),
        Attack(
            name: "opens 10,000 files",
            script: python(
                """
                files = []
                try:
                    for i in range(10000): files.append(open("/dev/null"))
                except OSError as error: print(error, len(files) < 256)
                """), ending: .exit(0), meets: ["Too many open files", "True"]),
        Attack(
            name: "computes without end", script: "while :; do :; done", ending: .limit("1 s of CPU"),
            limits: CommandLimits(time: .seconds(20), cpuSeconds: 1)),
        Attack(name: "crashes", script: "ulimit -c unlimited; ulimit -c; kill -SEGV $$", ending: .any),
    ]

    static let terminal = [
        Attack(
            name: "asks for a password", script: "printf 'Password: '; read -r answer; echo \"got:$answer:$?\"",
            meets: ["got::1"]),
        Attack(
            name: "asks at the terminal",
            script: "echo secret? >/dev/tty; read -r answer </dev/tty; stty -F /dev/tty; tty",
            meets: ["not a tty"]),
        Attack(
            name: "types into the terminal",
            script: python(
                """
                import fcntl
                for path in ("/dev/tty", "/proc/self/fd/0", "/proc/self/fd/1"):
                    try:
                        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
                        for letter in b"id\\n": fcntl.ioctl(descriptor, 0x5412, bytes([letter]))
                        print("typed")
                    except OSError as error: print(error)
                """)),
    ]
}
