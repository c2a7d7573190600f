import { readFileSync } from 'node:fs'

/** @typedef {'apt' | 'dnf' | 'pacman' | 'zypper'} PackageSystem */
/** @typedef {{ id: string, like: string[], codename: string | null, packages: PackageSystem | null }} Distribution */

/** @type {Record<string, PackageSystem>} Distribution family → how it installs packages. */
const FAMILIES = {
  debian: 'apt',
  ubuntu: 'apt',
  fedora: 'dnf',
  rhel: 'dnf',
  centos: 'dnf',
  arch: 'pacman',
  suse: 'zypper',
  opensuse: 'zypper',
}

/** Reads the text of os-release(5). @param {string} text @returns {Distribution} */
export const parseOsRelease = (text) => {
  /** @type {Record<string, string>} */
  const fields = {}
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim())
    if (match?.[1] !== undefined) fields[match[1]] = (match[2] ?? '').replace(/^(['"])(.*)\1$/, '$2')
  }
  const id = fields.ID ?? 'linux'
  const like = (fields.ID_LIKE ?? '').split(/\s+/).filter((name) => name !== '')
  const family = [id, ...like].find((name) => Object.hasOwn(FAMILIES, name))
  return {
    id,
    like,
    codename: fields.VERSION_CODENAME ?? null,
    packages: family === undefined ? null : (FAMILIES[family] ?? null),
  }
}

/** The distribution this machine runs. @returns {Distribution} */
export const observeDistribution = () => {
  for (const file of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return parseOsRelease(readFileSync(file, 'utf8'))
    } catch {
      // Not there: try the next one.
    }
  }
  return parseOsRelease('')
}
