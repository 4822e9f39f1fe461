/* kernels.c - the two halves of a layer, over one slot's shards.
 *
 * layer: x[64, 32], w1[32, 24], w2[24, 32] -> partial[64, 32] = relu(x @ w1) @ w2; the sum of the partials over the slots is the layer's result.
 * scale: partial[64, 32] -> out[64, 32] = 0.5 * partial.
 */
enum { rows = 64, width = 32, hidden = 24 };

void layer(void *const *buffers) {
  const float *x = buffers[0], *w1 = buffers[1], *w2 = buffers[2];
  float *out = buffers[3];
  for (int r = 0; r < rows; ++r) {
    float h[hidden];
    for (int j = 0; j < hidden; ++j) {
      float sum = 0;
      for (int k = 0; k < width; ++k)
        sum += x[r * width + k] * w1[k * hidden + j];
      h[j] = sum > 0 ? sum : 0;
    }
    for (int c = 0; c < width; ++c) {
      float sum = 0;
      for (int j = 0; j < hidden; ++j)
        sum += h[j] * w2[j * width + c];
      out[r * width + c] = sum;
    }
  }
}

void scale(void *const *buffers) {
  const float *in = buffers[0];
  float *out = buffers[1];
  for (int i = 0; i < rows * width; ++i)
    out[i] = 0.5f * in[i];
}
