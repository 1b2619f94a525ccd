const { dirname } = require('node:path');
const { engines } = require('../../package.json');

const checkout = dirname(dirname(__dirname));

/**
 * Why the commands cannot run here, or undefined when they can. Old versions of Node.js have to understand this file.
 *
 * @param {{ version: string, platform: string }} runtime such as `process`; the version as `v20.19.0`
 * @param {string} root path of the checkout
 */
module.exports = function unsupported({ version, platform }, root = checkout) {
  if (platform === 'win32') {
    return 'platform: Windows is not supported, because Terraform cannot be stopped safely there; use WSL: https://learn.microsoft.com/windows/wsl/install';
  }
  const oldest = /[\d.]+/.exec(engines.node)[0];
  if (isOlder(numbers(version), numbers(oldest))) {
    return `Node.js: ${version} is too old; install ${oldest} or newer, such as the version in .nvmrc`;
  }
  // Node.js loads no module below \, tsx none below ?, npx finds no program below :, and Nx no package below *.
  const character = ['\\', '?', ':', '*'].find((each) => root.includes(each));
  if (character) {
    return `platform: the path of this checkout, ${root}, has the character ${character}, with which Node.js, npx or Nx cannot find packages; move it to a path without \\ ? : and *`;
  }
  return undefined;
};

function numbers(version) {
  return version.replace('v', '').split('.').map(Number);
}

function isOlder([major, minor], [oldestMajor, oldestMinor]) {
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
