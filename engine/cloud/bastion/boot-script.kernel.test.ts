import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { startInside } from '../lab/testing/inside.ts'
import { openLab, soon, until } from '../lab/testing/open-lab.ts'
import { findWorld } from '../lab/world-file.ts'
import type { HelperClient, Whose } from '../provider.ts'
import { type BootScriptInput, renderBootScript } from './boot-script.ts'
import { readBootTemplate } from './boot-template.ts'
import { parsePublishedKeys } from './published-keys.ts'

/** What the boot script does on a bastion, on a real one of the lab; where only a cloud instance can, with stand-ins. */
const lab = openLab()
const WHOSE: Whose = { id: 'd1', plan: DeploymentPlan.parse({ tunnels: 2 }) }
const ID = 'd1-b1'
const SLOTS = [1, 2]
const TEMPLATE = await readBootTemplate()

let helper: HelperClient

type Edit = readonly [from: string | RegExp, to: string]

/** Replaces text that must be there, once. */
const edited = (script: string, edits: readonly Edit[]): string =>
  edits.reduce((text, [from, to]) => {
    expect(text.split(from)).toHaveLength(2)
    return text.replace(from, () => to)
  }, script)

const boot = async (input: Partial<BootScriptInput>, edits: readonly Edit[] = []): Promise<void> => {
  const { baseCidr, privateCidr, mtuBytes } = WHOSE.plan
  const hostPublicKeys = (await lab.hostKeys(helper, WHOSE.id, 1)).slice(0, SLOTS.length)
  const values = { hostPublicKeys, firstPort: 51_821, baseCidr, privateCidr, mtuBytes, ...input }
  await helper.call('lab.launch', {
    id: ID,
    deploymentId: WHOSE.id,
    bootScript: edited(renderBootScript(TEMPLATE, values), edits),
    privateCidr,
    slots: SLOTS.length,
    firstPort: values.firstPort,
    pathRateBitsPerSecond: 100_000_000,
  })
}

const bootAndConnect = async (input: Partial<BootScriptInput>): Promise<void> => {
  await boot(input)
  const { keys } = parsePublishedKeys(await lab.awaitConsole(helper, ID, 'mole-bastion-ready'), SLOTS)
  const ends = keys.map((key) => ({ ...key, address: '203.0.113.10' }))
  await lab.apply(helper, WHOSE, ends)
}

const onBastion = (...command: string[]): Promise<string> => lab.onBastion(1, ...command)
const inPrivate = (...command: string[]): Promise<string> =>
  lab.inside('nsenter', '--net=/run/netns/private1', '--', ...command)

/** Shell text that puts programs of ours before the system's, for the bastion alone. */
const standIns = (programs: Readonly<Record<string, string>>): Edit => [
  'export LC_ALL=C PATH=/usr/sbin:',
  `if [ ! -d /run/standin ]; then
  mkdir -p /run/standin
${Object.entries(programs)
  .map(
    ([name, body]) =>
      `  cat >/run/standin/${name} <<'STANDIN'\n#!/bin/sh\n${body}\nSTANDIN\n  chmod 700 /run/standin/${name}`,
  )
  .join('\n')}
fi
export LC_ALL=C PATH=/run/standin:/usr/sbin:`,
]

const shortLease = (seconds: number): Edit => ['lease=86400', `lease=${seconds}`]

describe('the boot script on a bastion', () => {
  beforeAll(async () => {
    helper = await lab.provider.host.ensure(soon())
  })
  afterEach(async () => {
    await helper.call('revert', {})
    await lab.provider.remove(WHOSE, () => undefined, soon())
  })
  afterAll(lab.close)

  it('is never allowed to reboot, which would end the whole lab; and does without Python, saying so', async () => {
    await boot({}, [
      ['\npublish\n', '\npublish\ngrep CapBnd /proc/self/status\n'],
      ['command -v python3 >/dev/null', 'command -v no-python3 >/dev/null'],
    ])
    const text = await lab.awaitConsole(helper, ID, 'CapBnd')
    expect(text).toContain('mole-bastion-agent v1 absent\n')
    expect(parsePublishedKeys(text, SLOTS).ready).toBe(true)
    const rights = Number.parseInt(/CapBnd:\s*([0-9a-f]+)/.exec(text)?.[1]?.slice(-8) ?? '', 16)
    const [NET_ADMIN, SYS_BOOT] = [12, 22]
    expect((rights >> NET_ADMIN) & 1).toBe(1)
    expect((rights >> SYS_BOOT) & 1).toBe(0)
  })

  it('ends with its lease when no handshake was ever made, and nothing but itself', async () => {
    const world = await findWorld(lab.directory)
    await boot({ leaseSeconds: 86_400 }, [shortLease(2)])
    const text = await lab.awaitConsole(helper, ID, 'mole-bastion-lease v1 ended')
    expect(parsePublishedKeys(text, SLOTS)).toMatchObject({ ready: true, leaseEnded: true, failedWithCode: null })
    await until(
      // By the namespace: its processes are ending just now.
      () => lab.inside('ip', '-n', 'bastion1', '-br', 'link'),
      (links) => !links.includes('mole'),
    )
    expect((await lab.provider.observe(WHOSE)).bastions).toMatchObject([{ state: 'failed' }])
    expect((await findWorld(lab.directory))?.pid).toBe(world?.pid)
    expect((await helper.call('hello', {})).facts.isLab).toBe(true)
  })

  it('ends even when its boot failed', async () => {
    await boot({ leaseSeconds: 86_400 }, [shortLease(2), ['\nstart_all\n', '\nexit 7\n']])
    const text = await lab.awaitConsole(helper, ID, 'mole-bastion-lease v1 ended')
    expect(parsePublishedKeys(text, SLOTS)).toMatchObject({ ready: false, leaseEnded: true, failedWithCode: 7 })
  })

  it('lives on while handshakes are made, and looks at them with a clock that is set back', async () => {
    // Five looks with a handshake older than the one before; then it stays. Two without one would be the end.
    const wg = `case $* in
*latest-handshakes*)
  count=$(($(cat /run/looks 2>/dev/null || echo 0) + 1))
  echo "$count" >/run/looks
  [ "$count" -lt 5 ] || count=5
  printf 'mole1\\tKEY\\t0\\nmole2\\tKEY\\t%s\\n' "$((1000 - count))" ;;
*) exec /usr/bin/wg "$@" ;;
esac`
    const tellLooks: Edit = ["\nsay 'mole-bastion-lease", '\necho "looks=$(cat /run/looks)"\nsay \'mole-bastion-lease']
    await boot({ leaseSeconds: 86_400 }, [shortLease(2), standIns({ wg }), tellLooks])
    const text = await lab.awaitConsole(helper, ID, 'mole-bastion-lease v1 ended')
    expect(Number(/looks=(\d+)/.exec(text)?.[1])).toBeGreaterThan(5)
  })

  it('comes back after a reboot as it was, lease and all, from a copy that is whole', async () => {
    const PER_BOOT = '/var/lib/cloud/scripts/per-boot'
    await boot({ leaseSeconds: 86_400 }, [['\ntrap ended EXIT\n', `\nmkdir -p ${PER_BOOT}\ntrap ended EXIT\n`]])
    const first = await lab.awaitConsole(helper, ID, 'mole-bastion-ready')
    expect(await onBastion('stat', '--format=%a %n', `${PER_BOOT}/mole-bastion`)).toBe(`700 ${PER_BOOT}/mole-bastion\n`)
    expect(await onBastion('cmp', '/boot.sh', `${PER_BOOT}/mole-bastion`)).toBe('')
    expect((await onBastion('ls', '/var/lib/mole')).split('\n')).toEqual([
      'mole1.key',
      'mole1.peer',
      'mole2.key',
      'mole2.peer',
      'new',
      'planned',
      '',
    ])
    expect(await onBastion('ls', '/var/lib/mole/new', '/var/lib/cloud')).not.toMatch(/key|bastion/)
    expect(await onBastion('stat', '--format=%a', '/var/lib/mole/mole1.key', '/var/lib/mole')).toBe('600\n700\n')
    // All that a reboot ends, /run with it.
    const forget = `kill "$(cat /run/mole-lease.pid)" && rm /run/mole-lease.pid
ip link del mole1 && ip link del mole2 && nft delete table ip mole && ip rule del priority 7077 && ip rule del priority 7077`
    await onBastion('sh', '-c', forget)
    const again = await onBastion('sh', '-c', `sh ${PER_BOOT}/mole-bastion >/run/again 2>&1; cat /run/again`)
    expect(parsePublishedKeys(again, SLOTS)).toEqual(parsePublishedKeys(first, SLOTS))
    expect(parsePublishedKeys(again, SLOTS)).toMatchObject({ ready: true, failedWithCode: null })
    const watch = await onBastion('sh', '-c', 'tr "\\0" " " <"/proc/$(cat /run/mole-lease.pid)/cmdline"')
    expect(watch).toBe(`/bin/sh ${PER_BOOT}/mole-bastion lease `)
    expect(await onBastion('nft', 'list', 'table', 'ip', 'mole')).toContain('chain own')
  })

  it('is watched by systemd and turned off by it, where systemd booted the machine', async () => {
    const log = (name: string): string => `echo "asked: ${name} $*"`
    await boot({ leaseSeconds: 86_400 }, [
      shortLease(1),
      standIns({
        systemctl: `${log('systemctl')}\n[ "$2" != is-active ]`,
        // As the real one would: it runs what it is given, and goes.
        'systemd-run': `${log('systemd-run')}\nwhile [ "\${1#--}" != "$1" ]; do shift; done\n"$@" &`,
        sleep: `[ "$1" -lt 100 ] || exit 0\nexec /bin/sleep "$@"`,
      }),
      ['\ntrap ended EXIT\n', '\nmkdir -p /run/systemd/system\ntrap ended EXIT\n'],
    ])
    await lab.awaitConsole(helper, ID, '--unit=mole-agent')
    const text = await lab.awaitConsole(helper, ID, '--force')
    const asked = [...text.matchAll(/^asked: (.*)/gm)].map(([, each]) => each ?? '')
    expect(asked.find((each) => each.includes('--unit=mole-agent'))).toContain(' -I /run/mole-agent.py /boot.sh ')
    expect(asked.filter((each) => !each.includes('mole-agent'))).toEqual([
      'systemctl --quiet is-active mole-lease',
      'systemd-run --quiet --collect --unit=mole-lease --property=Restart=always --property=RestartSec=10 /bin/sh /boot.sh lease',
      'systemctl poweroff',
      'systemctl --force --force poweroff',
    ])
  })

  it('serves iperf3 to the DTN’s end of each tunnel, and to nobody else', async () => {
    await bootAndConnect({ measure: true })
    const measure = (from: string, to: string): Promise<string> =>
      lab.inside('iperf3', '--client', to, '--bind', from, '--time', '1', '--connect-timeout', '1500')
    const ends = SLOTS.map((slot) => [`10.100.${slot}.1`, `10.100.${slot}.2`] as const)
    await until(
      () => onBastion('ss', '-Hltn', 'sport', '=', ':5201'),
      (text) => ends.every(([, to]) => text.includes(`${to}:5201`)),
    )
    expect((await onBastion('ss', '-Hltn', 'sport', '=', ':5201')).trim().split('\n')).toHaveLength(SLOTS.length)
    for (const report of await Promise.all(ends.map(([from, to]) => measure(from, to))))
      expect(report).toContain('receiver')
    await expect(measure('10.100.255.1', '10.100.1.2')).rejects.toThrow(/unable to connect/)
    await inPrivate('ip', 'route', 'add', '10.100.0.0/16', 'via', '10.200.0.1')
    const fromPrivate = inPrivate('iperf3', '--client', '10.100.1.2', '--time', '1', '--connect-timeout', '1500')
    await expect(fromPrivate).rejects.toThrow(/unable to connect/)
    // A second run, as after a reboot, starts no second server.
    await onBastion('/bin/sh', '/boot.sh')
    expect((await onBastion('ss', '-Hltn', 'sport', '=', ':5201')).trim().split('\n')).toHaveLength(SLOTS.length)
  })

  it.each([
    ['nat', '10.200.0.1'],
    ['routes', '10.100.255.1'],
  ] as const)('with %s shows the resource the address %s, and lets it begin nothing', async (privateRouting, seen) => {
    await bootAndConnect({ privateRouting })
    await inPrivate('ip', 'route', 'add', '10.100.0.0/16', 'via', '10.200.0.1')
    const request = { bastionId: ID, streams: 1, durationSeconds: 600, direction: 'download' as const }
    for await (const event of helper.stream('lab.traffic', request)) {
      if (event.kind !== 'interval') continue
      const connections = await inPrivate('ss', '-Htn', 'state', 'established')
      const peers = connections
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).at(-1)?.split(':').at(-2))
      expect(new Set(peers.map((peer) => peer?.replace(/^.*\[?::ffff/, '').replace(']', '')))).toEqual(new Set([seen]))
      expect(event.bitsPerSecond).toBeGreaterThan(0)
      break
    }
    // Somebody listens on the DTN, and is reached from there alone.
    const { pid } = (await findWorld(lab.directory)) ?? { pid: 0 }
    const server = await startInside(pid, 'iperf3', '--server', '--port', '5299')
    try {
      const reach = ['iperf3', '--client', '10.100.255.1', '--port', '5299', '--time', '1', '--connect-timeout', '1500']
      await until(
        () => lab.inside(...reach).catch(() => ''),
        (text) => text.includes('receiver'),
      )
      await expect(inPrivate(...reach)).rejects.toThrow(/unable to connect/)
    } finally {
      server.kill('SIGKILL')
    }
  })
})
