import { open } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EC2Client } from '@aws-sdk/client-ec2'
import { IAMClient } from '@aws-sdk/client-iam'
import { SSMClient } from '@aws-sdk/client-ssm'
import { packageRoot } from '../../../paths.ts'
import { spawnInside } from './inside.ts'

export const REGION = 'us-east-1'

/** moto, and a back door to it: what is asked here is no call of the product's. */
export type Moto = {
  readonly socketPath: string
  readonly ec2: EC2Client
  readonly iam: IAMClient
  readonly ssm: SSMClient
}

/** `scripts/setup/moto.mjs` puts it there. Its `python` finds its packages wherever the clone is mounted. */
const python = (): string => join(packageRoot(), 'node_modules/.cache/moto/bin/python')

const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ socketPath, path: '/moto-api/' }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200))
    })
    asked.once('error', () => resolve(false)).end()
  })

const START_LIMIT_MS = 60_000

/** Bad keys: nothing but moto would take them. */
const backDoor = (socketPath: string) => ({
  region: REGION,
  endpoint: 'http://127.0.0.1',
  credentials: { accessKeyId: 'BACKDOOR', secretAccessKey: 'back door' },
  maxAttempts: 1,
  requestHandler: { httpAgent: Object.assign(new Agent(), { createConnection: () => connect(socketPath) }) },
})

/**
 * Starts moto's server in the world whose first process is `pid`, and waits until it answers. It listens on a Unix socket
 * in `directory`, so that nothing in the world reaches it but through the proxy. It ends with the world.
 * @throws Error when it does not start.
 */
export const startMoto = async (pid: number, directory: string): Promise<Moto> => {
  const socketPath = join(directory, 'moto.sock')
  const log = await open(join(directory, 'moto.log'), 'a')
  const argv = [python(), '-m', 'moto.server', '-H', `unix://${socketPath}`]
  const child = await spawnInside(pid, argv, { PYTHONDONTWRITEBYTECODE: '1' }, ['ignore', log.fd, log.fd])
  await log.close()
  let hasEnded = false
  child.once('close', () => (hasEnded = true)).once('error', () => (hasEnded = true))
  const until = performance.now() + START_LIMIT_MS
  while (!(await answers(socketPath))) {
    if (hasEnded || performance.now() > until)
      throw new Error(`moto did not start (${python()}); "npm test -- aws" installs it. Its log: ${directory}/moto.log`)
    await delay(20)
  }
  const options = backDoor(socketPath)
  return { socketPath, ec2: new EC2Client(options), iam: new IAMClient(options), ssm: new SSMClient(options) }
}
