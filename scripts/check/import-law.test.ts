import { describe, expect, it } from 'vitest'
import { findUnlawfulImports } from './import-law.mjs'

const judge = (path: string, from: string) => findUnlawfulImports([{ path, text: `import { x } from '${from}'\n` }])

describe('findUnlawfulImports', () => {
  it.each([
    ['domain/a.ts', '../contract/define.ts'],
    ['domain/a.ts', '../engine/engine.ts'],
    ['domain/a.ts', 'node:fs'],
    ['domain/a.ts', 'fs/promises'],
    ['domain/a.ts', 'react'],
    ['contract/a.ts', '../engine/engine.ts'],
    ['contract/a.ts', 'node:net'],
    ['contract/ports/a.ts', 'ws'],
    ['engine/a.ts', '../helper/run.ts'],
    ['engine/a.ts', '../cli/main.ts'],
    ['engine/a.ts', 'electron'],
    ['engine/a.ts', 'react'],
    ['engine/deployment/a.ts', '@aws-sdk/client-ec2'],
    ['engine/deployment/a.ts', 'node:child_process'],
    ['helper/a.ts', '../engine/engine.ts'],
    ['helper/a.ts', '@aws-sdk/client-ec2'],
    ['helper/a.ts', 'pino'],
    ['helper/ops/a.ts', 'node:child_process'],
    ['helper/ops/a.ts', 'child_process'],
    ['helper/lab/run.ts', 'node:child_process'],
    ['helper/relay/a.ts', 'koffi'],
    ['cli/verbs/a.ts', 'node:child_process'],
    ['electron/a.ts', 'node:child_process'],
    ['headless/a.ts', '../cli/main.ts'],
    ['headless/a.ts', '../electron/main.ts'],
    ['cli/a.ts', '../electron/main.ts'],
    ['cli/a.ts', '../renderer/main.tsx'],
    ['electron/a.ts', '../helper/main.ts'],
    ['renderer/a.tsx', '../engine/engine.ts'],
    ['renderer/a.tsx', 'node:path'],
    ['renderer/a.tsx', 'path'],
    ['renderer/a.tsx', 'electron'],
    ['renderer/a.tsx', 'hono'],
    ['renderer/a.tsx', '../scripts/check.mjs'],
    ['engine/a.ts', './a.test.ts'],
    ['engine/a.test.ts', 'electron'],
  ])('%s may not import %s', (path, from) => {
    expect(judge(path, from)).toEqual([expect.stringContaining(`${path}:1: "${from}": `)])
  })

  it.each([
    ['domain/a.ts', './b.ts'],
    ['domain/a.ts', 'zod'],
    ['contract/a.ts', '../domain/ours.ts'],
    ['engine/a.ts', '../contract/define.ts'],
    ['engine/cloud/aws/a.ts', '@aws-sdk/client-ec2'],
    ['engine/a.ts', '../resources/bastion/boot.sh?raw'],
    ['helper/run.ts', 'node:child_process'],
    ['helper/native/libc.ts', 'koffi'],
    ['cli/a.ts', '../headless/serve.ts'],
    ['electron/a.ts', 'electron'],
    ['renderer/a.tsx', '@mantine/core'],
    ['renderer/a.tsx', 'react/jsx-runtime'],
    ['contract/a.test.ts', 'node:net'],
    ['scripts/a.mjs', 'node:child_process'],
  ])('%s may import %s', (path, from) => {
    expect(judge(path, from)).toEqual([])
  })

  it('lets a type of child_process be named anywhere there is Node, for it starts nothing', () => {
    const text = "import type { ChildProcess } from 'node:child_process'"
    expect(findUnlawfulImports([{ path: 'helper/a.ts', text }])).toEqual([])
    expect(findUnlawfulImports([{ path: 'contract/a.ts', text }])).toHaveLength(1)
  })

  it.each([
    "export { x } from '../engine/a.ts'",
    "export * from '../engine/a.ts'",
    "const x = await import('../engine/a.ts')",
    "import type { X } from '../engine/a.ts'",
    "import '../engine/a.ts'",
  ])('sees %s', (text) => {
    expect(findUnlawfulImports([{ path: 'domain/a.ts', text }])).toHaveLength(1)
  })
})
