// What a program asks of Linux through its C library: files, directories, memory, time, input.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char line[100];
    struct stat status;
    struct timespec now;
    struct utsname names;
    for (int i = 1; i < argc; i++)
        printf("[%s]", argv[i]);
    char *large = malloc(1 << 20), *small = malloc(100);
    memset(large, 1, 1 << 20);
    free(large);
    small[0] = 1;
    FILE *file = fopen("made", "w");
    if (!file)
        return 4;
    fprintf(file, "hello %.3f\n", 3.5);
    fclose(file);
    file = fopen("made", "r");
    printf(" %s", fgets(line, sizeof line, file));
    fstat(fileno(file), &status);
    printf("%d bytes, %s\n", (int)status.st_size, S_ISREG(status.st_mode) ? "a file" : "none");
    fseek(file, 4, SEEK_SET);
    printf("%c %ld\n", fgetc(file), ftell(file));
    fclose(file);
    mkdir("folder", 0755);
    int entries = 0;
    DIR *folder = opendir(".");
    for (struct dirent *entry; (entry = readdir(folder));)
        entries += entry->d_name[0] != '.' && entry->d_name[0] != 'p';
    closedir(folder);
    chdir("folder");
    printf("%d entries, %s\n", entries, strrchr(getcwd(line, sizeof line), '/'));
    chdir("..");
    rmdir("folder");
    rename("made", "moved");
    unlink("moved");
    printf("%d %d %d\n", access("moved", F_OK), errno == ENOENT, clock_gettime(CLOCK_MONOTONIC, &now));
    uname(&names);
    printf("%s %s\n", names.sysname, names.machine);
    return fgets(line, sizeof line, stdin) && !strcmp(line, "typed\n") ? 9 : 5;
}
