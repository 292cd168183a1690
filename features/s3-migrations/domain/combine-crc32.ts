const POLYNOMIAL = 0xedb88320;
type Matrix = Uint32Array;

/**
 * CRC-32 of two pieces put together, from the sum of each and the length of the second, without their bytes: appending
 * zeros is a linear map, applied by squaring (as zlib's crc32_combine).
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  let sum = first >>> 0;
  // One zero bit, then 2, 4, 8 = one zero byte.
  let zeros = squared(squared(squared(oneZeroBit())));
  for (let left = secondBytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) sum = times(zeros, sum);
    zeros = squared(zeros);
  }
  return (sum ^ second) >>> 0;
}

function oneZeroBit(): Matrix {
  const matrix = new Uint32Array(32);
  matrix[0] = POLYNOMIAL;
  for (let bit = 1; bit < 32; bit += 1) matrix[bit] = 2 ** (bit - 1);
  return matrix;
}

function times(matrix: Matrix, vector: number): number {
  let sum = 0;
  for (let bit = 0, rest = vector >>> 0; rest !== 0; bit += 1, rest >>>= 1) {
    if (rest & 1) sum ^= matrix[bit] ?? 0;
  }
  return sum >>> 0;
}

const squared = (matrix: Matrix): Matrix => matrix.map((column) => times(matrix, column));
