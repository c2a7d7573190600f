import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const PYTHON = '/usr/bin/python3'
const PROGRAM = join(import.meta.dirname, '../../resources/lab/delay-relay.py')

/**
 * Merges packets of lengths given on stdin, and tells what comes out: each packet's segments as the kernel would cut them,
 * and whether the checksum of its IP header and the lengths in its headers are right.
 */
const MERGE = `import importlib.util, json, struct, sys
spec = importlib.util.spec_from_file_location("relay", sys.argv[1])
relay = importlib.util.module_from_spec(spec)
spec.loader.exec_module(relay)

def packet(index, length, segment, tos):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 28 + length, index, 0, 63, 17, 0, b"\\x0a\\x00\\x00\\x01", b"\\xcb\\x00\\x71\\x0a")
    head = head[:10] + struct.pack("!H", ~relay.checksum(head) & 0xffff) + head[12:]
    udp = struct.pack("!HHHH", 41821, 51821, 8 + length, 0)
    offload = struct.pack("=BBHHHH", 1, 5, 28, segment, 20, 6) if segment else bytes(10)
    return bytes(4) + offload + head + udp + bytes([index % 256]) * length

def cut(packet):
    step, payload = relay.segment_of(packet), packet[42:]
    return [[payload[at], len(payload[at : at + step])] for at in range(0, len(payload), step)]

given = [packet(index, *each) for index, each in enumerate(json.load(sys.stdin))]
out = list(relay.merged(given))
print(json.dumps({
    "segments": [cut(each) for each in out],
    "given": [segment for each in given for segment in cut(each)],
    "sound": all(
        relay.checksum(each[14:34]) == 0xffff
        and struct.unpack_from("!H", each, 16)[0] == len(each) - 14
        and struct.unpack_from("!H", each, 38)[0] == len(each) - 34
        for each in out
    ),
}))`

type Given = readonly [length: number, segment: number, tos: number]

const merge = (
  given: readonly Given[],
): { segments: [number, number][][]; given: [number, number][]; sound: boolean } =>
  JSON.parse(execFileSync(PYTHON, ['-IBc', MERGE, PROGRAM], { input: JSON.stringify(given), encoding: 'utf8' }))

const repeated = (count: number, given: Given): Given[] => Array.from({ length: count }, () => given)

describe.skipIf(!existsSync(PYTHON))('packets that leave together', () => {
  it.each<[what: string, given: readonly Given[], counts: readonly number[]]>([
    ['of one length', repeated(5, [1452, 0, 0]), [5]],
    ['with a shorter last one', [...repeated(2, [1452, 0, 0] as const), [100, 0, 0], [1452, 0, 0]], [3, 1]],
    ['with a longer one', [[100, 0, 0], ...repeated(2, [1452, 0, 0] as const)], [1, 2]],
    [
      'of offload already',
      [
        [4356, 1452, 0],
        [2904, 1452, 0],
        [1452, 0, 0],
        [2000, 1452, 0],
        [1452, 0, 0],
      ],
      [8, 1],
    ],
    [
      'of offload, in segments of other lengths',
      [
        [4356, 1452, 0],
        [3000, 1500, 0],
      ],
      [3, 2],
    ],
    [
      'of another kind of service',
      [
        [1452, 0, 0],
        [1452, 0, 2],
        [1452, 0, 2],
      ],
      [1, 2],
    ],
    ['too many for one', repeated(100, [60, 0, 0]), [64, 36]],
    ['too long for one', repeated(50, [1452, 0, 0]), [41, 9]],
    ['alone', [[1452, 0, 0]], [1]],
    ['none', [], []],
  ])('are one where they may be: %s', (_what, given, counts) => {
    const { segments, given: asGiven, sound } = merge(given)
    expect(segments.map(({ length }) => length)).toEqual(counts)
    // Nothing is lost, and nothing overtakes.
    expect(segments.flat()).toEqual(asGiven)
    expect(sound).toBe(true)
  })
})
