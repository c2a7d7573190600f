/**
 * Generated files that are not what the code makes today.
 * @param {readonly import('./source-files.mjs').SourceFile[]} files
 * @param {readonly import('../generate/generated-files.mjs').GeneratedFile[]} generated
 */
export const findStaleFiles = (files, generated) =>
  generated.flatMap(({ path, text }) => {
    const there = files.find((file) => file.path === path)
    if (there === undefined) return [`${path}: is not there: run "npm run generate" and commit it`]
    return there.text === text ? [] : [`${path}: is not what the code makes: run "npm run generate" and commit it`]
  })
