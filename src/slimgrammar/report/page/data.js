// Unpacks what report/blocks.py packed: streams of text and varints, deflated, in base64.

async function inflate(base64) {
  const binary = atob(base64);
  const packed = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) packed[at] = binary.charCodeAt(at);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function streamsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const streams = [];
  for (let at = 0; at < bytes.length; ) {
    const size = view.getUint32(at, true);
    streams.push(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return streams;
}

function numbersOf(bytes) {
  let count = 0;
  for (const byte of bytes) count += byte < 128;
  const numbers = new Float64Array(count);
  let value = 0, factor = 1, at = 0;
  for (const byte of bytes) {
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) { numbers[at++] = value; value = 0; factor = 1; }
  }
  return numbers;
}

const unzigzag = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);

// Columns of absolute (start, end, …) from rows of (gap, length, …): `pairs` of them, then `rest` numbers as they are.
function columnsOf(bytes, pairs, rest) {
  const numbers = numbersOf(bytes), width = 2 * pairs + rest, rows = numbers.length / width;
  const columns = Array.from({ length: width }, () => new Int32Array(rows));
  const ends = new Array(pairs).fill(0);
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    for (let pair = 0; pair < pairs; pair++) {
      const start = ends[pair] + unzigzag(numbers[at + 2 * pair]);
      columns[2 * pair][row] = start;
      columns[2 * pair + 1][row] = ends[pair] = start + numbers[at + 2 * pair + 1];
    }
    for (let more = 2 * pairs; more < width; more++) columns[more][row] = numbers[at + more];
  }
  return columns;
}

async function unpack(base64) {
  const [text, tokens, spans, losses, reasons] = streamsOf(await inflate(base64));
  const lengths = numbersOf(tokens), ends = new Int32Array(lengths.length);
  for (let at = 0, end = 0; at < ends.length; at++) ends[at] = end += lengths[at];
  return {
    text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(text),
    ends,
    spans: columnsOf(spans, 2, 0),
    losses: columnsOf(losses, 1, 1),
    reasons: JSON.parse(new TextDecoder().decode(reasons)),
  };
}

// The first index whose value in the sorted `values` is above `limit`.
function above(values, limit) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > limit) high = middle; else low = middle + 1;
  }
  return low;
}
