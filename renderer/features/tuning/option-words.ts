import type { TrialOption } from '../../../domain/trial-option.ts'

type Words = { readonly title: string; readonly what: string }

const WORDS: Readonly<Record<TrialOption, Words>> = {
  tunnels: { title: 'Number of tunnels', what: 'More tunnels where each may carry only so much.' },
  mptcp: { title: 'Multipath TCP', what: 'One connection over all tunnels.' },
  pinning: { title: 'Pin tunnels to cores', what: 'Each tunnel’s work on cores of its own; some cores are kept free.' },
  governor: { title: 'CPU governor', what: 'Cores stay at their full clock instead of saving power.' },
  congestion: { title: 'Congestion control', what: 'The rule by which TCP finds how fast it may send.' },
  buffers: { title: 'Socket buffers', what: 'Larger buffers for long, fast paths.' },
  'window-scaling': { title: 'TCP window scaling', what: 'More than 64 kB on the way at once (RFC 7323).' },
  'nic-queues': { title: 'Network card: queues', what: 'As many queues as there are cores for them.' },
  'nic-rings': { title: 'Network card: rings', what: 'Receive and send rings as large as the card allows.' },
  'nic-offloads': { title: 'Network card: offloads', what: 'The card cuts and joins packets (GRO, GSO, TSO).' },
  'nic-mtu': { title: 'Network card: MTU', what: 'Larger frames on the card, where the path takes them.' },
}

export const optionTitle = (option: TrialOption): string => WORDS[option].title
export const optionText = (option: TrialOption): string => WORDS[option].what
