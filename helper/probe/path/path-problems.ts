import { MoleError } from '../../../contract/errors.ts'
import type { Contact } from './by-udp.ts'

const START_ANSWERER =
  'Run "mole probe answer" on the target and let its UDP port through the firewalls, then probe again.'

const REASONS: Readonly<Record<string, string>> = {
  ENETUNREACH: 'no route leads to it from here',
  EHOSTUNREACH: 'it cannot be reached from here',
  EACCES: 'it is a broadcast address, or a rule of this host forbids it',
  EPERM: 'a firewall rule of this host forbids it',
}

/** This host itself cannot send to the target. */
export const noRoute = (host: string, code: string): MoleError =>
  new MoleError('not-available', `Nothing can be sent to ${host}: ${REASONS[code] ?? code}.`, {
    field: 'host',
    meaning: 'No packet left this host, so nothing of the path is known.',
    nextStep: `See what "ip route get ${host}" says, and whether the interface is up.`,
  })

const ERRNO_NAMES: Readonly<Record<number, string>> = {
  13: 'communication is prohibited',
  101: 'its network is unreachable',
  113: 'the host is unreachable',
}

/** What UDP met, for a sentence. Pure. */
export const whatUdpMet = (contact: Exclude<Contact, { is: 'answered' }>, port: number): string => {
  switch (contact.is) {
    case 'refused':
      return `${contact.saidBy} says that nothing listens on UDP port ${port}`
    case 'unreachable':
      return `${contact.saidBy} says that ${ERRNO_NAMES[contact.errno] ?? `it cannot pass it on (errno ${contact.errno})`}`
    case 'silent':
      return `UDP port ${port} does not answer`
  }
}

/** Nobody answers in any way. */
export const nobodyAnswers = (host: string, met: readonly string[]): MoleError =>
  new MoleError('timeout', `${host} does not answer: ${met.join('; ')}.`, {
    field: 'host',
    meaning:
      'The target is down, or firewalls on the way drop what was tried. Neither path MTU nor round trip could be measured.',
    nextStep: START_ANSWERER,
  })

/** It answers, but nothing that shows which sizes pass. */
export const noMtu = (host: string, met: readonly string[]): MoleError =>
  new MoleError('not-available', `The path MTU to ${host} could not be measured: ${met.join('; ')}.`, {
    field: 'host',
    meaning: 'It takes a target that answers UDP or ICMP echoes of any size.',
    nextStep: START_ANSWERER,
  })
