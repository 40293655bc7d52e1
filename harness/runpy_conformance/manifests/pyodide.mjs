#!/usr/bin/env node
// Starts programs as `python WORDS` does, on the Pyodide that npm installs; needs Node 18 or later.
//
//     node pyodide.mjs --package FOLDER WORDS…     one program: streams, environment and directory are this process's
//     node pyodide.mjs --package FOLDER --serve    one program for each line of JSON on standard input
//
// FOLDER is what npm installs as pyodide: node_modules/pyodide.
//
// Pyodide's own `python` command is a part of its virtual environments and not of its npm package. `start` takes the
// same steps: the host's folders are mounted, the interpreter is made with the words as its arguments, and CPython's
// main runs when its event loop has been told how to end.
//
// A server gives every program an interpreter of its own in a thread of its own, which ends with it and takes all
// memory along; only the compiled WebAssembly module is shared. An endless program has to be ended with the server.
// The package's archive of the standard library holds source only, and half of the time of a start goes into compiling
// it. So the first server puts an archive that has the bytecode too into the package's folder, where it may. Snapshots
// of memory would be faster still, but an interpreter made from one does not look at its options.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const THIS_FILE = fileURLToPath(import.meta.url);
const VIRTUAL = ["dev", "lib", "proc"]; // Folders that Pyodide has itself.

function mount(FS) {
  const folders = fs.readdirSync("/").filter((name) => !VIRTUAL.includes(name));
  for (const folder of [...folders, "dev/shm"].map((name) => `/${name}`)) {
    if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      FS.mkdirTree(folder);
      FS.mount(FS.filesystems.NODEFS, { root: folder }, folder);
    }
  }
}

const WITH_BYTECODE = `
import importlib.util, marshal, sys, zipfile
home = next(entry for entry in sys.path if entry.endswith(".zip"))
target = sys.argv[1]
with zipfile.ZipFile(home) as old, zipfile.ZipFile(target, "w") as new:
    for member in old.infolist():
        content = old.read(member)
        new.writestr(zipfile.ZipInfo(member.filename, member.date_time), content)
        if member.filename.endswith(".py"):
            code = compile(content, f"{home}/{member.filename}", "exec", 0, True)
            unchecked = (1).to_bytes(4, "little") + bytes(8)
            new.writestr(f"{member.filename}c", importlib.util.MAGIC_NUMBER + unchecked + marshal.dumps(code))
`;

// The path of the standard library's archive with bytecode, where there is one or it can be made.
async function library(pyodide) {
  const made = path.join(path.dirname(pyodide), "python_stdlib.compiled.zip");
  if (fs.existsSync(made)) return made;
  const streams = { stdin: os.devNull, stdout: os.devNull, stderr: os.devNull };
  const draft = `${made}.${process.pid}`;
  const words = ["-c", WITH_BYTECODE, draft];
  const { status } = await runInThread({ pyodide }, { words, environment: {}, directory: "/", ...streams });
  if (status !== 0) return undefined;
  fs.renameSync(draft, made);
  return made;
}

function writeAll(descriptor, bytes) {
  for (let done = 0; done < bytes.length; ) {
    done += fs.writeSync(descriptor, bytes, done);
  }
  return bytes.length;
}

// Runs the program that `words` name, and ends this process or thread with its exit status. `streams` are file
// descriptors.
async function start({ pyodide, stdLibURL, words, environment, directory, streams: [stdin, stdout, stderr] }) {
  const { loadPyodide } = await import(pathToFileURL(pyodide).href);
  const line = (descriptor) => (text) => writeAll(descriptor, Buffer.from(`${text}\n`));
  let py;
  try {
    py = await loadPyodide({
      args: words,
      ...(stdLibURL && { stdLibURL }),
      _sysExecutable: THIS_FILE,
      env: { PYTHONINSPECT: "", ...environment },
      stdout: line(stdout),
      stderr: line(stderr),
      fsInit(FS) {
        mount(FS);
        FS.chdir(directory);
      },
    });
    py.setStdin({ read: (buffer) => fs.readSync(stdin, buffer) });
    py.setStdout({ write: (buffer) => writeAll(stdout, buffer) });
    py.setStderr({ write: (buffer) => writeAll(stderr, buffer) });
    // What is left of the interpreter after it has been finalized must not be touched.
    const end = (status) => process.exit(py._module._Py_FinalizeEx() < 0 ? 120 : (status ?? 0));
    const globals = py.toPy({ end });
    const run = (code) => py.runPython(code, { globals });
    run("import asyncio; loop = asyncio.get_event_loop(); loop._in_progress += 1");
    run("loop._no_in_progress_handler = loop._system_exit_handler = end");
    run("loop._keyboard_interrupt_handler = lambda: end(130)");
    const { jspiSupported } = py._module;
    const status = jspiSupported ? await py._module.promisingRunMain() : py._module._run_main();
    if (status) process.exit(status);
    run("loop._decrement_in_progress()");
  } catch (error) {
    if (error?.constructor?.name !== "ExitStatus") throw error;
    process.exit(error.status); // sys.exit, --version, words that are not understood
  }
}

// Answers one request of a server. The thread that runs it may end in any way.
function runInThread(shared, { words, environment, directory, stdin, stdout, stderr }) {
  const streams = [fs.openSync(stdin, "r"), fs.openSync(stdout, "a"), fs.openSync(stderr, "a")];
  const worker = new Worker(THIS_FILE, {
    workerData: { ...shared, words, environment, directory, streams },
    stdout: true,
    stderr: true,
  });
  worker.stdout.on("data", (bytes) => writeAll(streams[1], bytes));
  worker.stderr.on("data", (bytes) => writeAll(streams[2], bytes));
  return new Promise((resolve) => {
    // A fatal error of the interpreter: as a process, it would end with that text and status 1.
    worker.on("error", (error) => writeAll(streams[2], Buffer.from(`${error?.stack ?? error}\n`)));
    worker.on("exit", (status) => {
      for (const descriptor of streams) fs.closeSync(descriptor);
      resolve({ status: status & 0xff }); // All that a process would have left of it.
    });
  });
}

async function serve(pyodide) {
  // While it is held here, threads that ask for the same bytes get it, and what it was optimised to so far.
  const module = await WebAssembly.compile(fs.readFileSync(path.join(path.dirname(pyodide), "pyodide.asm.wasm")));
  const answer = (value) => fs.writeSync(1, `${JSON.stringify(value)}\n`);
  const shared = { pyodide, stdLibURL: await library(pyodide) };
  answer({ ready: module instanceof WebAssembly.Module });
  for await (const request of readline.createInterface({ input: process.stdin })) {
    try {
      answer(await runInThread(shared, JSON.parse(request)));
    } catch (error) {
      answer({ failed: String(error) });
    }
  }
}

if (!isMainThread) {
  await start(workerData);
} else if (process.argv[2] !== "--package" || process.argv.length < 4) {
  console.error("usage: node pyodide.mjs --package FOLDER [--serve | WORDS…]");
  process.exit(2);
} else {
  const [folder, ...words] = process.argv.slice(3);
  const pyodide = path.resolve(folder, "pyodide.mjs");
  if (words[0] === "--serve") {
    await serve(pyodide);
  } else {
    await start({ pyodide, words, environment: process.env, directory: process.cwd(), streams: [0, 1, 2] });
  }
}
