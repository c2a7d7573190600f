import { annotate } from '../annotate.ts'
import { readShippedDocument, readSpecified } from '../read-fixture.ts'

const SMALL =
  'extends: dtn\ndescription: Beamline 7\ntunnel:\n  mtu: 1380\n  base_cidr: "10.101.0.0/16"\nlab:\n  path_rate: 1.5G\n'
const IN_LINES =
  'probing:\n  mtu_range:\n    - 1500\n    - 9000\n  test_duration: 30s\naws:\n  region: null\n  instance_types: [t4g.small]\n'
const IN_BRACES =
  '{"tunnel": {"mtu": 1400, "max_tunnels": 4}, "mptcp": {"enable": true, "scheduler": "redundant"}, "scaling": {"scale_up_threshold": "80%"}}'

/** Sound documents to change: the shipped and the specified ones, and small ones in other styles. */
export const ORIGINALS: readonly string[] = [
  ...['default', 'dtn', 'research'].map(readShippedDocument),
  readSpecified('default'),
  readSpecified('dtn'),
  SMALL,
  SMALL.replaceAll('\n', '\r\n'),
  annotate(SMALL),
  IN_LINES,
  IN_BRACES,
]
