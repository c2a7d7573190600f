/**
 * Dependencies without an exact version. A range would let two clones of one commit differ.
 * @param {string} packageJson
 */
export const findInexactVersions = (packageJson) => {
  /** @type {Record<string, Record<string, string> | undefined>} */
  const parsed = JSON.parse(packageJson)
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((part) =>
    Object.entries(parsed[part] ?? {})
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `package.json: ${part}: ${name}: "${version}" is not one exact version`),
  )
}
