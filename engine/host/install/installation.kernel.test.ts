import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { awaitHelper } from '../../../helper/testing/running-helper.ts'
import { makeWorld, type World } from '../../../helper/testing/world.ts'
import { packageRoot } from '../../paths.ts'
import { userName } from '../user-name.ts'
import { helperInstallation } from './installation.ts'

let world: World
let base: string

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'mole-'))
  world = await makeWorld()
})
afterEach(async () => {
  await world.close()
  rmSync(base, { recursive: true, force: true })
})

it('what is installed runs by itself: program, Node.js and native module', async (context) => {
  context.skip(!existsSync(join(packageRoot(), 'dist/helper/main.js')), 'the helper is not built: npm run build')
  const root = join(base, 'root')
  expect(await helperInstallation().install({ user: userName(), root })).toMatchObject({ isInstalled: true })
  const library = join(root, 'usr/lib/mole')
  const [node, entry] = [join(library, 'node_modules/node/bin/node'), join(library, 'dist/helper/main.js')]
  const directory = join(base, 'helper')
  const helper = await awaitHelper(world.start(node, [entry, 'serve', '--directory', directory]), directory)
  const client = await helper.connect()
  expect(await client.call('hello', {})).toMatchObject({ generation: 0, facts: { isLab: false } })
  await helper.end()
  await helperInstallation().uninstall(root)
  expect(existsSync(library)).toBe(false)
})
