import { describe, expect, it } from 'vitest'
import { findInlineCode, loadedModules } from './bundles.mjs'
import { findInexactVersions } from './exact-versions.mjs'
import { findMachinePaths } from './machine-paths.mjs'

describe('findInexactVersions', () => {
  it.each(['^1.2.3', '~1.2.3', '1.x', '*', 'latest', '>=1.0.0', 'github:a/b', '1.2'])('refuses %s', (version) => {
    expect(findInexactVersions(JSON.stringify({ devDependencies: { a: version } }))).toHaveLength(1)
  })

  it('accepts one exact version', () => {
    expect(findInexactVersions(JSON.stringify({ dependencies: { a: '1.2.3', b: '1.0.0-rc.1' } }))).toEqual([])
  })
})

describe('findMachinePaths', () => {
  const home = ['', 'home', 'ann', 'code'].join('/')

  it("finds a person's directory and the clone's own place", () => {
    const text = `one\nsee ${home}/x\nand /srv/clone/y\n`
    expect(findMachinePaths([{ path: 'docs/a.md', text }], '/srv/clone')).toEqual([
      expect.stringContaining('docs/a.md:2'),
      expect.stringContaining('docs/a.md:3'),
    ])
  })

  it('leaves system paths alone', () => {
    const text = '/usr/sbin/nft ~/.local/state/mole https://example.org/home/page $HOME/x\n'
    expect(findMachinePaths([{ path: 'docs/a.md', text }], '/srv/clone')).toEqual([])
  })
})

describe('findInlineCode', () => {
  it.each([
    '<script>go()</script>',
    '<script type="module">go()</script>',
    '<body onload="go()">',
    '<style>b{}</style>',
    '<link href="https://example.org/a.css">',
    '<img src="data:image/png;base64,AA">',
  ])('finds %s', (html) => {
    expect(findInlineCode(html)).toHaveLength(1)
  })

  it('accepts a script of its own', () => {
    expect(
      findInlineCode('<script type="module" crossorigin src="./assets/a.js"></script><link href="./a.css">'),
    ).toEqual([])
  })
})

describe('loadedModules', () => {
  it('does not take a comment for code', () => {
    expect(loadedModules('/** require("a")\nimport x from "b" */\nimport "c" // require("d")\n')).toEqual(['c'])
  })

  it('sees every way a bundle loads something', () => {
    const text =
      'import a from "koffi";\nimport "electron";\nexport * from "node:fs";\nvar b = require("ws"); __require("util"); import("x")\n'
    expect(loadedModules(text)).toEqual(['koffi', 'electron', 'node:fs', 'ws', 'util', 'x'])
  })
})
