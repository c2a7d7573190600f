import { describe, expect, it } from 'vitest'
import {
  EXTRA_PROGRAMS as DOCTORS_EXTRA,
  LAB_PROGRAMS as DOCTORS_LAB,
  PROGRAM_DIRECTORIES,
  REQUIRED_PROGRAMS,
} from '../../engine/doctor/programs.ts'
import { EXTRA_PROGRAMS, findProgram, LAB_PROGRAMS, missingPrograms, packagesOf, renderLack } from './programs.mjs'

const having =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path)

describe('findProgram', () => {
  it('looks in the system directories, sbin first', () => {
    expect(findProgram('nft', having('/usr/sbin/nft', '/sbin/nft'))).toBe('/usr/sbin/nft')
  })

  it('takes nothing from elsewhere, as the privileged helper would not', () => {
    expect(findProgram('wg', having('/usr/local/bin/wg', '/opt/wg'))).toBeNull()
  })
})

describe('the doctor and the set-up', () => {
  it('look in the same directories, in the same order', () => {
    const looked: string[] = []
    findProgram('wg', (path) => looked.push(path) === 0)
    expect(looked).toEqual(PROGRAM_DIRECTORIES.map((directory) => `${directory}/wg`))
  })

  it.each([...REQUIRED_PROGRAMS, ...DOCTORS_LAB])('agree on where $name comes from', (program) => {
    expect(LAB_PROGRAMS).toContain(program.name)
    expect(packagesOf([program.name], 'apt')).toEqual([program.package])
  })

  it('agree on what is not needed, and where it comes from', () => {
    expect(DOCTORS_EXTRA.map(({ name }) => name)).toEqual(EXTRA_PROGRAMS)
    expect(packagesOf(EXTRA_PROGRAMS, 'apt')).toEqual(DOCTORS_EXTRA.map((program) => program.package))
    expect(LAB_PROGRAMS.filter((name) => EXTRA_PROGRAMS.includes(name))).toEqual([])
  })
})

describe('missingPrograms', () => {
  it('names exactly what is not there', () => {
    const all = LAB_PROGRAMS.map((name) => `/usr/bin/${name}`)
    expect(missingPrograms(LAB_PROGRAMS, having(...all))).toEqual([])
    expect(missingPrograms(LAB_PROGRAMS, (path) => all.includes(path) && path !== '/usr/bin/wg')).toEqual(['wg'])
  })
})

describe('packagesOf', () => {
  it('names each package once', () => {
    expect(packagesOf(['ip', 'tc', 'wg', 'unshare', 'flock'], 'apt')).toEqual([
      'iproute2',
      'wireguard-tools',
      'util-linux',
    ])
  })

  it('knows that other distributions cut differently', () => {
    expect(packagesOf(['ip', 'tc', 'iperf3'], 'dnf')).toEqual(['iproute', 'iproute-tc', 'iperf3'])
    expect(packagesOf(['iperf3'], 'zypper')).toEqual(['iperf'])
    expect(packagesOf(['mptcpize'], 'dnf')).toEqual(['mptcpd'])
    expect(packagesOf(['mptcpize', 'ethtool'], 'pacman')).toEqual(['ethtool'])
  })
})

describe('renderLack', () => {
  const nothing = { programs: [], tun: 'not-needed', packages: 'apt', reason: '' } as const

  it('says nothing when nothing lacks', () => {
    expect(renderLack(nothing)).toBeNull()
    expect(renderLack({ ...nothing, tun: 'open' })).toBeNull()
  })

  it('names all programs at once, with the command of the distribution', () => {
    const text = renderLack({ ...nothing, programs: ['wg', 'nft'], packages: 'pacman' })
    expect(text).toContain('wg, nft')
    expect(text).toContain('sudo pacman -S --needed wireguard-tools nftables')
  })

  it('has an answer where the package manager is unknown', () => {
    expect(renderLack({ ...nothing, programs: ['wg'], packages: null })).toContain('package manager of this system')
  })

  it('tells an absent device from a closed one', () => {
    expect(renderLack({ ...nothing, tun: 'absent' })).toContain('modprobe tun')
    expect(renderLack({ ...nothing, tun: 'closed' })).not.toContain('modprobe')
    expect(renderLack({ ...nothing, tun: 'closed' })).toContain('chmod 0666 /dev/net/tun')
  })
})
