import { describe, expect, it } from 'vitest'
import { SiteCondition } from '../../../domain/probe/request.ts'
import {
  renderSiteInside,
  renderSiteLinks,
  renderSiteQueues,
  renderSiteRemoval,
  renderSiteRouterInside,
  renderSiteRules,
  siteSettings,
} from './site-network.ts'
import { renderHop, renderHopClasses } from './site-policing.ts'
import { hasSocket } from './site-programs.ts'

const conditionOf = (given: object): SiteCondition => SiteCondition.parse(given)

const ALL = conditionOf({
  rateBitsPerSecond: 400e6,
  mtuBytes: 9000,
  delayMs: 80,
  blackHoleAboveBytes: 1400,
  flowRateBitsPerSecond: 100e6,
  lossRatio: 0.02,
  receiveWindowBytes: 65_536,
  congestionControl: 'cubic',
  senderBitsPerSecond: 20e6,
  answers: { icmp: false, echo: true, iperf3: false },
})

const textsOf = (condition: SiteCondition): Readonly<Record<string, string>> => ({
  links: renderSiteLinks(condition),
  router: renderSiteRouterInside(condition),
  site: renderSiteInside(condition),
  queues: renderSiteQueues(condition),
  rules: renderSiteRules(condition),
  settings: siteSettings(condition)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join(''),
})

const joined = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([name, body]) => `# ${name}\n${body}`)
    .join('\n')

describe('the probe site', () => {
  it('is made by texts as they were seen to work', async () => {
    const texts = {
      ...textsOf(conditionOf({})),
      ...Object.fromEntries(Object.entries(textsOf(ALL)).map(([name, body]) => [`${name}, all conditions`, body])),
      hop: renderHop('gso_max_segs 1'),
      classes: renderHopClasses(100e6).split('\n').slice(0, 5).join('\n'),
      removal: renderSiteRemoval(),
    }
    await expect(joined(texts)).toMatchFileSnapshot('../golden/site-texts.txt')
  })

  it('gives every flow a class of its own, each way', () => {
    const classes = renderHopClasses(100e6).match(/classid 1:[0-9a-f]+/g) ?? []
    expect(classes).toHaveLength(128)
    expect(new Set(classes).size).toBe(128)
    const named = renderSiteRules(ALL).match(/\d+ : 1:[0-9a-f]+/g) ?? []
    expect(new Set(named.map((each) => `classid ${each.split(' : ')[1]}`))).toEqual(new Set(classes))
  })

  it('lets packets go together only where none is looked at for itself', () => {
    const segments = (given: object): string | undefined =>
      /gso_max_segs \d+/.exec(renderSiteLinks(conditionOf(given)))?.[0]
    expect(segments({})).not.toBe('gso_max_segs 1')
    expect(segments({ lossRatio: 0.01 })).toBe('gso_max_segs 1')
    expect(segments({ blackHoleAboveBytes: 1400 })).toBe('gso_max_segs 1')
  })
})

describe('hasSocket', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 00000000:1451 00000000:0000 0A 00000000:00000000
   1: 0600120C:1B63 0200120C:1450 01 00000000:00000000
`
  it('tells a port that is listened on from one that is talked from', () => {
    expect(hasSocket(table, 5201, '0A')).toBe(true)
    expect(hasSocket(table, 7011, '0A')).toBe(false)
    expect(hasSocket(table, 5200, '0A')).toBe(false)
    expect(hasSocket('', 5201, '0A')).toBe(false)
  })
})
