import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { CloudProvider } from '../provider.ts'
import { standIn } from './testing/stand-in.ts'
import { withTerraform } from './with-terraform.ts'
import { openWorkspaces } from './workspaces.ts'

let directory: string
let root: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  root = join(directory, 'state', 'terraform')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const WHOSE = { id: 'aws-3f9c2a', plan: DeploymentPlan.parse({}) }
const FILES = [{ name: 'main.tf', text: '# nothing\n' }]

const remove = async (signal = new AbortController().signal) => {
  const told: string[] = []
  const inner = { remove: async () => void told.push('removed by tag') } as unknown as CloudProvider
  await withTerraform(inner, root).remove(WHOSE, (line) => void told.push(line), signal)
  return told
}

describe('taking away what Terraform made', () => {
  it('lets Terraform do it first, shows its plan, then goes by the tags, then forgets', async () => {
    const { program, calls } = standIn(directory)
    const workspaces = openWorkspaces(root)
    const path = await workspaces.write(WHOSE.id, program, FILES)
    expect(await remove()).toEqual([
      'terraform: Plan: 3 to add, 0 to change, 0 to destroy.',
      'terraform: Apply complete! Resources: 3 added, 0 changed, 0 destroyed.',
      'removed by tag',
    ])
    expect(calls().map(({ argv }) => argv)).toEqual([
      [`-chdir=${path}`, 'plan', '-destroy', '-no-color', '-input=false', '-out=mole-destroy.tfplan'],
      [`-chdir=${path}`, 'apply', '-no-color', '-input=false', 'mole-destroy.tfplan'],
    ])
    expect(await workspaces.find(WHOSE.id)).toBeNull()
    expect(existsSync(path)).toBe(false)
  })

  it.each(['plan', 'apply'])('goes on by the tags where %s fails, and says so', async (verb) => {
    const { program } = standIn(directory, verb)
    await openWorkspaces(root).write(WHOSE.id, program, FILES)
    const told = await remove()
    expect(told).toContain('terraform: │ Error: UnauthorizedOperation')
    expect(told.slice(-3)).toEqual([
      `terraform: "${verb}" ended with code 1`,
      'terraform: could not take it away; going on by the tags',
      'removed by tag',
    ])
  })

  it('goes on by the tags where the program is gone', async () => {
    await openWorkspaces(root).write(WHOSE.id, join(directory, 'gone', 'terraform'), FILES)
    const told = await remove()
    expect(told[0]).toMatch(/^terraform: .*gone\/terraform cannot be run/)
    expect(told.at(-1)).toBe('removed by tag')
  })

  it('keeps the directory where the tags could not be gone by: the next try needs it', async () => {
    const { program } = standIn(directory)
    const workspaces = openWorkspaces(root)
    await workspaces.write(WHOSE.id, program, FILES)
    const inner = { remove: () => Promise.reject(new Error('expired')) } as unknown as CloudProvider
    const signal = new AbortController().signal
    await expect(withTerraform(inner, root).remove(WHOSE, () => {}, signal)).rejects.toThrow('expired')
    expect(await workspaces.find(WHOSE.id)).not.toBeNull()
  })

  it('runs nothing for a deployment that Terraform did not make', async () => {
    expect(await remove()).toEqual(['removed by tag'])
  })
})

describe('the workspaces', () => {
  it('are for their owner alone, the newest first, and never outside their directory', async () => {
    const workspaces = openWorkspaces(root)
    const path = await workspaces.write('aws-000001', '/usr/bin/terraform', FILES)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statSync(join(path, 'main.tf')).mode & 0o777).toBe(0o600)
    expect(await workspaces.list()).toEqual(['aws-000001'])
    expect(await workspaces.find('../../etc')).toBeNull()
    await expect(workspaces.write('../x', '/bin/terraform', FILES)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it.each(['terraform', '/bin/sh', '/usr/bin/terraform/../sh'])('run no %s', async (program) => {
    const workspaces = openWorkspaces(root)
    await expect(workspaces.write('aws-000001', program, FILES)).rejects.toMatchObject({ code: 'bad-input' })
    const directory = await workspaces.write('aws-000001', '/usr/bin/terraform', FILES)
    writeFileSync(join(directory, 'mole.json'), JSON.stringify({ program }))
    expect(await workspaces.find('aws-000001')).toBeNull()
  })
})
