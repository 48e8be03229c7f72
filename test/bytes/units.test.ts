import { describe, expect, test } from 'vitest'
import { formatDate, formatInterval, formatSeconds, formatTime } from '../../src/bytes/time.js'
import { formatCount, formatDuration, formatOrdinal, formatSize } from '../../src/bytes/units.js'

describe('a length of time', () => {
  test.each([
    [0, '0 ns'],
    [512, '512 ns'],
    [62_000, '62 µs'],
    [62_300, '62.3 µs'],
    [1_230, '1.23 µs'],
    [999_400, '999 µs'],
    [999_600, '1.00 ms'],
    [1_234_567, '1.23 ms'],
    [42_000_000, '42 ms'],
    [999_600_000, '1.00 s'],
    [2_311_177_000, '2.31 s'],
    [59_960_000_000, '1 min'],
    [65_000_000_000, '1 min 5 s'],
    [3_599_900_000_000, '1 h'],
    [7_380_000_000_000, '2 h 3 min'],
    [86_399_000_000_000, '24 h'],
    [273_600_000_000_000, '3 d 4 h'],
    [-62_000, '-62 µs'],
  ])('%i ns is %s', (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text)
  })
})

test('counts, sizes, ordinals', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect(formatCount(999)).toBe('999')
  expect(formatSize(34_752)).toBe('34,752 B')
  expect(formatSize(12_345_678)).toBe('12.3 MB')
  expect(formatSize(3_456_000_000)).toBe('3.46 GB')
  expect([1, 2, 3, 4, 11, 12, 21, 112].map(formatOrdinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '21st',
    '112th',
  ])
})

describe('a point in time', () => {
  const start = '1763636581.999999500'

  test('relative: cut off, never rounded up', () => {
    expect(formatTime('relative', start, 2_311_391_999, 6)).toBe('2.311391')
    expect(formatSeconds(-152_000, 6)).toBe('-0.000152')
    expect(formatSeconds(1_999_999_999, 0)).toBe('1')
  })

  test('an interval of any length, exactly', () => {
    expect(formatInterval(475_175_247, 350_882_001, 9)).toBe('475175247.350882001')
    expect(formatInterval(1, -1, 9)).toBe('0.999999999')
    expect(formatInterval(-1, 1, 9)).toBe('-0.999999999')
    expect(formatInterval(-2, 0, 3)).toBe('-2.000')
    expect(formatInterval(0, -500, 9)).toBe('-0.000000500')
  })

  test('of day and since 1970: the nanoseconds carry over exactly', () => {
    expect(formatTime('epoch', start, 500, 9)).toBe('1763636582.000000000')
    expect(formatTime('utc', start, 499, 9)).toBe('11:03:01.999999999')
    expect(formatTime('utc', start, -1_999_999_500, 9)).toBe('11:03:00.000000000')
  })

  test('with its date; of a year that no calendar has, the seconds', () => {
    expect(formatDate(1763636581, 5, 9)).toBe('2025-11-20 11:03:01.000000005 UTC')
    expect(formatDate(-1_098_455_128_325, 0, 0)).toBe('-032839-05-05 23:27:55 UTC')
    expect(formatDate(2 ** 45, 0, 0)).toBe(String(2 ** 45))
  })
})
