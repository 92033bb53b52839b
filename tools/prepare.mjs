// What both `npm start` and `npm test` need first. Plain JavaScript of an old style: it runs before anything is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE = [20, 19];
const GIT = [2, 38]; // merge-tree --write-tree

/** Ends the program with one line that says what to do. */
function refuse(message) {
  console.error(message);
  process.exit(1);
}

/** Checks Node and git, and installs the dependencies when they are missing or older than the lock file. */
export function prepare() {
  requireVersion('Node', process.versions.node, NODE);
  requireVersion('git', gitVersion(), GIT);
  if (!isInstalled()) install();
}

function requireVersion(name, found, [major, minor]) {
  const [a, b] = found.split('.').map(Number);
  if (a > major || (a === major && b >= minor)) return;
  refuse(`${name} ${found} is too old: install ${name} ${major}.${minor} or newer`);
}

function gitVersion() {
  try {
    const said = execFileSync('git', ['--version'], { encoding: 'utf8' });
    return /\d+\.\d+(?:\.\d+)*/.exec(said)?.[0] ?? '0.0';
  } catch {
    return refuse(`git is not installed: install git ${GIT.join('.')} or newer`);
  }
}

/**
 * Whether what is installed is what the lock file asks for. npm leaves a copy of the lock beside the packages,
 * without the optional ones of other platforms; times are no measure (a fresh checkout is always newer).
 */
function isInstalled() {
  const copy = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(copy)) return false;
  const installed = readPackages(copy);
  return Object.entries(readPackages(join(root, 'package-lock.json'))).every(
    ([path, { version, optional, link }]) =>
      path === '' ||
      link === true ||
      (path in installed ? installed[path].version === version : optional === true),
  );
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

function install() {
  console.error('Installing the dependencies (npm ci) …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  // Its output goes to standard error: what the program prints may be read by another.
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) refuse('npm ci failed: see its messages above');
}
