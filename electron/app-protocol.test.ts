import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerApp } from './app-protocol.ts'

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mole-'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Cloud Mole</title>')
})

afterAll(() => rm(root, { recursive: true, force: true }))

const ask = (url: string, method = 'GET'): Promise<Response> => answerApp(root)({ url, method })

describe('app://', () => {
  it('serves the panel under the policy of the browser', async () => {
    const answer = await ask('app://mole/')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Cloud Mole')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
  })

  it.each([
    'app://mole/../../etc/passwd',
    'app://mole/%2e%2e/%2e%2e/etc/passwd',
    'app://other/index.html',
    'app://mole:80/index.html',
    'file:///etc/passwd',
    'app://mole/nothing.js',
  ])('has nothing at %s', async (url) => {
    const answer = await ask(url)
    expect([answer.status, await answer.text()]).toEqual([404, ''])
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('answers HEAD without a body, and no other method', async () => {
    expect(await (await ask('app://mole/', 'HEAD')).text()).toBe('')
    expect((await ask('app://mole/', 'POST')).status).toBe(405)
  })
})
