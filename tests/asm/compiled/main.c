// Calls what the other file has, and returns what it makes of it.
int shared = 7;
int common_words[4];
int work(int seed);
static float weights[4] = {0.5f, 1.25f, -2.0f, 3.0f};

int main(void)
{
    float sum = 0;
    for (int i = 0; i < 4; i++)
        sum += weights[i] * (float)i;
    return (work((int)sum) + common_words[2]) & 127;
}
