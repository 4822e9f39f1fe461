/* train.c - one step of learning from 2 windows of 8 bytes, and what is lost on others.
 *
 * train_partial:  table, x, y -> partial; the sum of the partials over the slots is what the step learns.
 * train_update:   table, moments, sum, step -> table, moments, loss
 * train_held_out: table, x, y -> loss
 */
enum { width = 64, tokens = 16 };

static unsigned place(int x, int y) { return ((unsigned)x * 7 + (unsigned)y * 3) % width; }

void train_partial(void *const *buffers) {
  const float *table = buffers[0];
  const int *x = buffers[1], *y = buffers[2];
  float *out = buffers[3];
  for (int i = 0; i < width; ++i)
    out[i] = 0.0f;
  for (int at = 0; at < tokens; ++at)
    out[place(x[at], y[at])] += 1.0f + 0.5f * table[(unsigned)x[at] % width];
}

void train_update(void *const *buffers) {
  const float *table = buffers[0], *moments = buffers[1], *sum = buffers[2];
  const int *step = buffers[3];
  float *newTable = buffers[4], *newMoments = buffers[5], *loss = buffers[6], total = 0.0f;
  for (int i = 0; i < width; ++i) {
    newMoments[i] = 0.5f * moments[i] + sum[i];
    newTable[i] = 0.75f * table[i] + newMoments[i] / (1.0f + newMoments[i] * newMoments[i]) + 0.125f / (1.0f + (float)*step);
    total += sum[i];
  }
  *loss = total;
}

void train_held_out(void *const *buffers) {
  const float *table = buffers[0];
  const int *x = buffers[1], *y = buffers[2];
  float *loss = buffers[3], total = 0.0f;
  for (int at = 0; at < tokens; ++at)
    total += table[place(x[at], y[at])];
  *loss = total / (float)tokens;
}
