import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../contract/app.ts'
import { LAB_ENVIRONMENT, mustFindProgram, NEW_NAMESPACES } from './programs.ts'

const OBSERVE = `const { observeLabProblem } = await import(${JSON.stringify(join(import.meta.dirname, 'problem.ts'))})
  console.log(JSON.stringify(await observeLabProblem()))`

/** What the lab says of a machine that `spoil` (a line of shell, run in namespaces of its own) has made worse. */
const observeOn = async (spoil: string): Promise<Problem | null> => {
  const script = `mount -t proc proc /proc; ${spoil}; exec "$@"`
  const argv = [
    ...NEW_NAMESPACES,
    '/bin/sh',
    '-c',
    script,
    'sh',
    process.execPath,
    '--input-type=module',
    '-e',
    OBSERVE,
  ]
  const { stdout } = await promisify(execFile)(await mustFindProgram('unshare'), argv, { env: LAB_ENVIRONMENT })
  return JSON.parse(stdout)
}

describe('observeLabProblem on the real kernel', () => {
  it('finds nothing to say where nothing is wrong', async () => {
    expect(await observeOn(':')).toBeNull()
  })

  it('sees that no user namespaces are allowed', async () => {
    const problem = await observeOn('echo 0 >/proc/sys/user/max_user_namespaces')
    expect(problem).toMatchObject({ code: 'namespaces-restricted' })
    expect(problem?.data.nextStep).toContain('sudo sysctl -w user.max_user_namespaces=')
  })

  it('sees a container’s masked /proc', async () => {
    const problem = await observeOn('mount -t tmpfs none /proc/sysvipc')
    expect(problem).toMatchObject({ code: 'namespaces-restricted', message: expect.stringContaining('/proc') })
  })

  it.skipIf(existsSync('/sys/module/wireguard'))(
    'sees that there is no way to make a tunnel (skipped where the kernel has WireGuard)',
    async () => {
      const problem = await observeOn('mount -t tmpfs none /dev/net')
      expect(problem).toMatchObject({ code: 'not-available', data: { field: '/dev/net/tun' } })
    },
  )
})
