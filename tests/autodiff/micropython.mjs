// Runs a Python program in MicroPython: node micropython.mjs PACKAGE PROGRAM [FILE=PLACE …]
// Each FILE is put at its PLACE in MicroPython's own file system first.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [pkg, program, ...files] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(`${pkg}/micropython.mjs`));
const mp = await loadMicroPython({
  heapsize: 64 * 1024 * 1024,
  stdout: (line) => process.stdout.write(line + '\n'),
  stderr: (line) => process.stderr.write(line + '\n'),
  linebuffer: true,
});
for (const pair of files) {
  const cut = pair.lastIndexOf('=');
  const place = pair.slice(cut + 1);
  place.split('/').slice(1, -1).reduce((above, name) => {
    const folder = `${above}/${name}`;
    try { mp.FS.mkdir(folder); } catch { /* it is there already */ }
    return folder;
  }, '');
  mp.FS.writeFile(place, readFileSync(pair.slice(0, cut)));
}
try {
  mp.runPython(readFileSync(program, 'utf8'));
} catch (error) {
  process.stderr.write(String(error.message || error) + '\n');
  process.exitCode = 1;
}
