def make_log(path):
    lines = []

    class AuditLog:
        def record(self, actor, action, target):
            lines.append((actor, action, target))

        def entries_for(self, target):
            return [line for line in lines if line[2] == target]

        def flush(self):
            with open(path, "a") as file:
                file.writelines(f"{line}\n" for line in lines)

    return AuditLog()
