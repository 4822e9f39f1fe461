"""steps.py N: a workflow of N different calls, in chains of ten."""
import sys

count = int(sys.argv[1])
print('tool sh = exec { echo(x: string) -> string effect read = ["echo", "${x}"] }\nworkflow main(s: string) -> string {')
for i in range(count):
    print(f'  let v{i} = sh.echo("{i}${{{"s" if i % 10 == 0 else f"v{i - 1}"}}}")')
print("  [" + ", ".join(f"v{i}" for i in range(9, count, 10)) + '].join(",")\n}')
