import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { skippingClock } from '../../testing/skipping-clock.ts'
import { observeAwsProblem } from './problem.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  // Whatever this machine has of its own is not asked.
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_CONFIG_FILE', join(directory, 'config'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(directory, 'credentials'))
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE']) vi.stubEnv(name, undefined)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true, force: true })
})
const problem = (environment: Record<string, string> = {}) =>
  observeAwsProblem(
    {
      AWS_CONFIG_FILE: join(directory, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials'),
      ...environment,
    },
    skippingClock(),
  )

it('is that there are no credentials, and how to get some', async () => {
  expect(await problem()).toMatchObject({
    code: 'not-available',
    data: { nextStep: expect.stringMatching(/aws configure/) },
  })
})

it.each(['AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'])(
  'is none with %s',
  async (name) => {
    expect(await problem({ [name]: 'something' })).toBeNull()
    expect(await problem({ [name]: '' })).not.toBeNull()
  },
)

it('is none with a profile, whether it is valid or not: only AWS knows', async () => {
  await writeFile(join(directory, 'config'), '[profile research]\nsso_session = university\n')
  expect(await problem()).toBeNull()
})
