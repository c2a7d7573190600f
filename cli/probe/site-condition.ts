import { z } from 'zod'
import { ByteCount, Duration, Rate, Share } from '../../domain/config/quantities.ts'
import { nearWord } from '../../domain/near-word.ts'
import { SiteCondition } from '../../domain/probe/request.ts'
import { refused } from './refused.ts'

const FLAG = '--lab-condition'

const ANSWERS = ['icmp', 'echo', 'iperf3'] as const

const AnyRate = Rate({ min: 1e6, max: 400e9 })
const AnySize = ByteCount({ min: 0, max: 2 ** 40 })

/** What can be said of the site, by the word for it; each gives its part of the condition. The schema has the last word. */
const WORDS = {
  rate: (text: string) => ({ rateBitsPerSecond: AnyRate.parse(text) }),
  mtu: (text: string) => ({ mtuBytes: AnySize.parse(text) }),
  delay: (text: string) => ({ delayMs: Duration({ min: 0, max: 1000 }).parse(text) }),
  loss: (text: string) => ({ lossRatio: Share.parse(/^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : text) }),
  'black-hole': (text: string) => ({ blackHoleAboveBytes: AnySize.parse(text) }),
  'flow-rate': (text: string) => ({ flowRateBitsPerSecond: AnyRate.parse(text) }),
  window: (text: string) => ({ receiveWindowBytes: AnySize.parse(text) }),
  congestion: (text: string) => ({ congestionControl: text }),
  sender: (text: string) => ({ senderBitsPerSecond: AnyRate.parse(text) }),
  silent: (text: string) => {
    const names = z
      .array(z.enum(ANSWERS, { error: `must be of ${ANSWERS.join(', ')}, joined by +` }))
      .parse(text.split('+'))
    return {
      answers: { icmp: !names.includes('icmp'), echo: !names.includes('echo'), iperf3: !names.includes('iperf3') },
    }
  },
} as const satisfies Readonly<Record<string, (text: string) => Partial<SiteCondition>>>
type Word = keyof typeof WORDS

/** For help: what may be said, with an example each. */
export const SITE_WORDS =
  'rate=100M, mtu=1400, delay=30ms, loss=2%, black-hole=1400, flow-rate=50M, window=16KiB, congestion=cubic, sender=20M, silent=icmp+echo'

const isWord = (name: string): name is Word => Object.hasOwn(WORDS, name)

const unknown = (name: string): Error => {
  const words = Object.keys(WORDS)
  const near = nearWord(name, words)
  return refused(
    FLAG,
    name,
    'there is no such condition',
    near === null ? `Choose from ${words.join(', ')}.` : `Did you mean "${near}"?`,
  )
}

/** What zod says of a number out of range, as the configuration's own rules say it. */
const reasonOf = (issue: z.core.$ZodIssue | undefined): string => {
  if (issue?.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue?.code === 'too_big') return `must be at most ${issue.maximum}`
  return issue?.message ?? 'cannot be read'
}

const partOf = (pair: string): Partial<SiteCondition> => {
  const [name = '', value = '', ...rest] = pair.split('=')
  if (!isWord(name)) throw unknown(name)
  if (value === '' || rest.length > 0) throw refused(FLAG, pair, `must be ${name}=VALUE`)
  try {
    const part = WORDS[name](value)
    // Each by itself, so that the one that is wrong is named.
    SiteCondition.parse(part)
    return part
  } catch (error) {
    throw refused(FLAG, pair, reasonOf(error instanceof z.ZodError ? error.issues[0] : undefined))
  }
}

/**
 * Reads `rate=100M,delay=30ms`: what the lab's probe site shall be like.
 * @throws MoleError `bad-input` naming the condition and the reason.
 */
export const parseSiteCondition = (text: string): SiteCondition => {
  const parts = text === '' ? [] : text.split(',').map((each) => partOf(each.trim()))
  return SiteCondition.parse(Object.assign({}, ...parts))
}
