/* decode.c - a model of bytes that remembers which ones it has seen.
 *
 * decode_4, decode_1: seen, table, ids, position -> seen, logits; of 4 bytes and of one. What was seen is less likely.
 */
enum { bytes = 256 };

static void decode(void *const *buffers, int count) {
  const float *seen = buffers[0], *table = buffers[1];
  const int *ids = buffers[2], *position = buffers[3];
  float *newSeen = buffers[4], *logits = buffers[5];
  for (int i = 0; i < bytes; ++i)
    newSeen[i] = seen[i];
  for (int at = 0; at < count; ++at)
    newSeen[ids[at]] += 1.0f + 0.001f * (float)(*position + at);
  for (int i = 0; i < bytes; ++i)
    logits[i] = table[ids[count - 1] * bytes + i] - 0.5f * newSeen[i];
}

void decode_4(void *const *buffers) { decode(buffers, 4); }
void decode_1(void *const *buffers) { decode(buffers, 1); }
