import { expect, test } from '@playwright/test'
import { type Home, lineOf, makeHome, type Outcome } from './support/mole.ts'

/** An engine killed at any moment of `up` leaves something that the next `up` or `down` brings to the asked state. */

const MOMENTS = 20

let home: Home
test.beforeAll(() => {
  home = makeHome()
})
test.afterAll(() => home.remove())
test.describe.configure({ mode: 'serial' })

const phase = ({ json }: Outcome): string =>
  (json as unknown as { deployment: { phase: string } | null }).deployment?.phase ?? 'none'

/** Starts an engine of its own process, whose pid is known, and `up` through it; kills the engine after `delayMs`. */
const killDuringUp = async (delayMs: number): Promise<void> => {
  const engine = home.start('mole', ['serve', '--json'])
  await lineOf(engine, /http:\S+/)
  const up = home.mole('up', '--tunnels', '4', '--yes')
  await new Promise((resolve) => setTimeout(resolve, delayMs))
  engine.kill('SIGKILL')
  await up
}

/** How long a whole `up` takes here and now, so that the moments cover all of it. */
let upMs = 0

test('measures a whole up', async () => {
  const engine = home.start('mole', ['serve', '--json'])
  await lineOf(engine, /http:\S+/)
  const startedAt = performance.now()
  expect((await home.mole('up', '--tunnels', '4', '--yes')).code).toBe(0)
  upMs = performance.now() - startedAt
  expect((await home.mole('down')).code).toBe(0)
  engine.kill('SIGKILL')
})

for (let moment = 0; moment < MOMENTS; moment += 1) {
  const again = moment % 2 === 0 ? 'up' : 'down'
  test(`killed at moment ${moment + 1} of ${MOMENTS}: ${again} ends in the asked state`, async () => {
    await killDuringUp((moment * upMs) / MOMENTS)
    if (again === 'up') {
      const up = await home.mole('up', '--tunnels', '4', '--yes')
      expect(up.code, up.stderr).toBe(0)
      expect(phase(up)).toBe('connected')
      const traffic = await home.mole('lab', 'traffic', '--streams', '4', '--duration', '1')
      expect(traffic.code, traffic.stderr).toBe(0)
    }
    const down = await home.mole('down')
    expect(down.code, down.stderr).toBe(0)
    expect(phase(await home.mole('status'))).toBe('none')
    expect(await home.leftovers()).toEqual([])
  })
}
