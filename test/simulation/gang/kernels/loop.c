/* loop.c - one step of a loop over a state, on one slot's part of 64 elements.
 *
 * loop_partial: state, data -> partial; the sum of the partials over the slots is what the step learns.
 * loop_update:  state, sum  -> next; neither linear nor its own inverse, so the order and the number of steps show.
 */
enum { width = 64 };

void loop_partial(void *const *buffers) {
  const float *state = buffers[0], *data = buffers[1];
  float *out = buffers[2];
  for (int i = 0; i < width; ++i)
    out[i] = data[i] * state[i] + 0.25f * state[(i + 1) % width];
}

void loop_update(void *const *buffers) {
  const float *state = buffers[0], *sum = buffers[1];
  float *out = buffers[2];
  for (int i = 0; i < width; ++i)
    out[i] = 0.75f * state[i] + sum[i] / (1.0f + sum[i] * sum[i]) + 0.125f;
}
