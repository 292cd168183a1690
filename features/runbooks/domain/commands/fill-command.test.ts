import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillCommand } from "./fill-command";

const fill = (text: string, values: Record<string, string>, language = "sh") => fillCommand(text, language, values);
const textOf = (text: string, value: string, language = "sh") => fill(text, { x: value }, language).text;
const reasonsOf = (text: string, value: string, language = "sh") =>
  fill(text, { x: value }, language).doubts.map(({ reason }) => reason);

/** What an attacker who chooses a span's name would try; each is one line that can be seen. */
const HOSTILE = [
  "$(touch /tmp/hurt)",
  "`touch /tmp/hurt`",
  "; touch /tmp/hurt #",
  "'; touch /tmp/hurt; '",
  '"; touch /tmp/hurt; "',
  "'\"'\"$(touch /tmp/hurt)",
  "a b  c",
  "* ? [a-z]",
  "~root",
  "{a,b}",
  "!!",
  "\\",
  "\\'",
  "a'b\\",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  "$HOME ${IFS} $'x'",
  "&& true || false | cat > x < y &",
  "<x> <y>",
  "-rf /",
  "\u00a0\u4e16\u754c",
];
/** Commands that print their words one a line, with the place read in every way. */
const PRINTERS = [
  "printf '%s\\n' <x>",
  "printf '%s\\n' a<x>",
  "printf '%s\\n' '<x>'",
  'printf "%s\\n" "<x>"',
  "printf '%s\\n' \"a 'b' \\\" <x> c\"",
  "printf '%s\\n' a\\ b'c'\"d\"<x>'e'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  'printf \'%s\\n\' "$HOME" <x> "${HOME}" $(date +%F)',
  "true && printf '%s\\n' <x> | cat",
  "printf '%s\\n' \\\n  <x>",
  "printf '%s\\n' <x> # that is all",
];

/** What a shell makes of each command, told apart by a line no value has. */
function run(shell: string, commands: readonly string[]): string[] {
  const script = commands.map((command) => `${command}\necho "=== end"\n`).join("");
  const printed = execFileSync(shell, ["-s"], {
    input: script,
    encoding: "utf8",
    env: { ...process.env, HOME: "/srv/reader" },
  });
  return printed.split("=== end\n").slice(0, -1);
}

describe("fillCommand, as a shell reads it", () => {
  const expected = (command: string, value: string) =>
    run("sh", [command.replace("<x>", () => "MARK")])[0]?.replace("MARK", () => value);

  it.each(["sh", "bash"])("hands a hostile value to the command as it is, in every kind of place, to %s", (shell) => {
    for (const printer of PRINTERS) {
      const printed = run(
        shell,
        HOSTILE.map((value) => textOf(printer, value)),
      );
      expect(printed, printer).toEqual(HOSTILE.map((value) => expected(printer, value)));
    }
  });

  it("does so for any value that can be seen", () => {
    const value = fc.string({
      unit: fc.constantFrom(..."'\"\\$`!(){}[]<>|&;*?~#= -abx/.\u00e9"),
      minLength: 1,
      maxLength: 20,
    });
    const pair = fc.tuple(fc.constantFrom(...PRINTERS), value);
    fc.assert(
      fc.property(fc.array(pair, { minLength: 60, maxLength: 60 }), (pairs) => {
        const printed = run(
          "bash",
          pairs.map(([printer, text]) => textOf(printer, text)),
        );
        expect(printed).toEqual(pairs.map(([printer, text]) => expectedOnce(printer, text)));
      }),
      { numRuns: 10 },
    );
  });

  const marked = new Map<string, string>();
  function expectedOnce(printer: string, value: string): string {
    const known = marked.get(printer) ?? run("bash", [printer.replace("<x>", "MARK")])[0] ?? "";
    marked.set(printer, known);
    return known.replace("MARK", () => value);
  }
});

describe("fillCommand, without a doubt", () => {
  it.each(["v1.2", "5104a0", "https://host:8080/a-b_c", "users/1", "web@2", "10%", "a=b"])(
    "puts a plain value in as it is: %s",
    (value) => {
      for (const text of ["run <x>", "run '<x>'", 'run "<x>"', "run $(<x>)", "cat <<END\n<x>\nEND"]) {
        const command = fill(text, { x: value });
        expect(command.doubts.filter(({ reason }) => !reason.includes("name of a command"))).toEqual([]);
        expect(command.text).toBe(text.replace("<x>", value));
      }
    },
  );

  it("never has a character that a shell acts on, an option, a way up or a command of its own", () => {
    const value = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ unit: fc.constantFrom(..."ab./-=@+~ $'"), minLength: 1 }),
    );
    fc.assert(
      fc.property(value, (text) => {
        if (fill("run <x>", { x: text }).doubts.length > 0) return;
        expect(text).toMatch(/^[A-Za-z0-9_./][A-Za-z0-9._:/@%+=,-]*$/);
        expect(text.split("/")).not.toContain("..");
      }),
      { numRuns: 500 },
    );
  });
});

describe("fillCommand, with doubts", () => {
  it.each(HOSTILE)("asks to look at %s wherever it stands", (value) => {
    for (const text of [...PRINTERS, "ssh host <x>", "$(cat <x>)"]) expect(reasonsOf(text, value)).toHaveLength(1);
    expect(reasonsOf("select '<x>'", value, "sql")).toHaveLength(1);
  });

  it("asks about what a command may take for an option, a file, a way up or the command itself", () => {
    expect(reasonsOf("rm <x>", "-rf")).toEqual(["begins with -, which a command may take for an option or a file"]);
    expect(reasonsOf("curl -d <x> host", "@/etc/passwd")[0]).toContain("begins with @");
    expect(reasonsOf("rm -r backups/<x>", "../../etc")[0]).toContain("leads out of a folder");
    for (const value of [".", "/", "./", "//"]) {
      expect(reasonsOf("rm -r backups/<x>", value), value).toEqual(["names a folder rather than something in it"]);
    }
    for (const text of ["rm -r <x>", "rm -r '<x>'", 'rm -r "<x>"/*', "dd of=<x>", "cat < <x>"]) {
      expect(reasonsOf(text, "/etc/hosts"), text).toEqual(["is a path of its own from the root"]);
    }
    expect(reasonsOf("curl https://host<x>", "/users")).toEqual([]);
    for (const text of [
      "<x> --now",
      "true; <x>",
      "sudo <x>",
      "a | <x>",
      "A=1 <x>",
      "if <x>",
      "(<x>)",
      "<x>.sh",
      "a\n  <x>",
    ]) {
      expect(reasonsOf(text, "reboot"), text).toEqual(["stands where the name of a command stands"]);
    }
    for (const text of ["run <x>", "run --env=<x>", "run '<x>'", "run a/<x>.txt > <x>"]) {
      expect(reasonsOf(text, "reboot"), text).toEqual([]);
    }
  });

  it.each([
    ["another shell reads it again", "ssh host rm <x>"],
    ["another shell, by its path", "docker exec web /bin/sh -c 'rm <x>'"],
    ["it is evaluated", "eval rm <x>"],
    ["each word becomes a command", "xargs rm <x>"],
    ["a database reads the quoted words", "psql -c \"select '<x>'\""],
    ["a program stands in the quotes", "awk '/<x>/ { print }'"],
    ["a command is nested", 'echo "$(grep -c "<x>" log)"'],
    ["a command is nested the old way", "echo `grep <x> log`"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    ["an expansion is nested", "echo ${NAME:-<x>}"],
    ["arithmetic is evaluated", "(( <x> > 1 ))"],
    ["a test evaluates arithmetic", "[[ <x> -eq 1 ]]"],
    ["an index is evaluated", "a[<x>]=1"],
    ["an index is evaluated inside quotes", "echo \"b\" a['<x>']"],
    ["a here document follows", "cat <<END\n<x>\nEND"],
    ["escapes are read inside", "printf $'<x>'"],
    ["a dollar stands before it", "echo $<x>"],
    ["a backslash stands before it", "echo \\<x>"],
    ["a comment is no comment at every prompt", "# about <x>"],
    ["a comment has a quote in it", "# don't\nrun <x>"],
    ["quotes do not balance", "echo don't <x>"],
  ])("leaves a hostile value out where %s", (_why, text) => {
    const command = fill(text, { x: "$(touch /tmp/hurt) '\"" });
    expect(command.text).toBe(text);
    expect(command.doubts).toMatchObject([{ name: "x", isLeftOut: true, reason: expect.stringContaining("left out") }]);
  });

  it.each([
    ["a line break", "a\nrm -rf /", "has a line break"],
    ["a carriage return", "a\rb", "has a line break"],
    ["an escape sequence", "a\u001b[2Jb", "U+001B"],
    ["a right-to-left override", "web\u202egpj.sh", "U+202E"],
    ["a zero-width space", "we\u200bb", "U+200B"],
    ["a letter drawn as nothing", "we\u3164b", "U+3164"],
    ["a tag character", "web\u{e0041}", "U+E0041"],
  ])("leaves a value with %s out of every block", (_what, value, reason) => {
    for (const language of ["sh", "text", "sql", ""]) {
      const command = fill("run '<x>' <x>", { x: value }, language);
      expect(command.text).toBe("run '<x>' <x>");
      expect(command.doubts).toEqual([{ name: "x", value, isLeftOut: true, reason: expect.stringContaining(reason) }]);
    }
  });
});

describe("fillCommand", () => {
  it("leaves what has no value, redirections and HTML as they are", () => {
    const text = "psql <name < in.sql > out.txt <a href=x> <toString> <empty>";
    expect(fill(text, { bucket: "b", empty: "" })).toEqual({
      text,
      parts: [{ text, start: 0, end: text.length }],
      doubts: [],
    });
  });

  it("puts values in in one pass, so that one that looks like a placeholder stays what it is", () => {
    expect(fill("run <a> <b>", { a: "<b>", b: "$&" }).text).toBe("run '<b>' '$&'");
  });

  it("quotes nothing for people and asks nothing", () => {
    const command = fill("operation  <x>", { x: "GET /users/:id (it's)" }, "text");
    expect(command).toMatchObject({ text: "operation  GET /users/:id (it's)", doubts: [] });
  });

  it("changes nothing of a value in the text of another program, and asks", () => {
    const command = fill("select '<x>'", { x: "it's" }, "sql");
    expect(command).toMatchObject({ text: "select 'it's'", doubts: [{ isLeftOut: false }] });
  });

  it("takes a block without a language for commands", () => {
    expect(textOf("run <x>", "a b", "")).toBe("run 'a b'");
  });

  it("says where each part stood, and which is a value", () => {
    expect(fill("run <x> now", { x: "a b" }).parts).toEqual([
      { text: "run ", start: 0, end: 4 },
      { text: "'a b'", start: 4, end: 7, name: "x" },
      { text: " now", start: 7, end: 11 },
    ]);
  });

  it("stays quick for a long command", () => {
    const started = performance.now();
    fill(`${"run <x> \"$(a)\" '<' # note\n".repeat(4000)}`, { x: "a b" });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
