import { describe, expect, it } from 'vitest'
import { generatedFiles } from '../generate/generated-files.mjs'
import { ROOT } from '../setup/set-up.mjs'
import { readSourceFiles } from './source-files.mjs'
import { findStaleFiles } from './stale-files.mjs'

describe('findStaleFiles', () => {
  const made = generatedFiles()

  it.each(made.map(({ path }) => path))('tells when %s is stale or missing', (path) => {
    const edited = made.map((file) => (file.path === path ? { path, text: `${file.text} ` } : file))
    expect(findStaleFiles(edited, made)).toEqual([expect.stringContaining(`${path}: is not what the code makes`)])
    const removed = made.filter((file) => file.path !== path)
    expect(findStaleFiles(removed, made)).toEqual([expect.stringContaining(`${path}: is not there`)])
  })

  it('looks at every generated file', () => {
    const paths = readSourceFiles(ROOT).map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(made.map(({ path }) => path)))
  })

  it('makes the same files twice', () => {
    expect(generatedFiles()).toEqual(made)
  })
})
