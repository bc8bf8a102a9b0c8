import sys

from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

from ftp.ftpUsers import FtpUserTable
from old.htpasswd import HtpasswdFile


def main(argv):
    users = FtpUserTable("/var/lib/ftp/users.db")
    if argv[1:2] == ["add"]:
        name, password = argv[2:4]
        users.addUser(name, password, "/home/ftp/" + name)
        # the download area still looks there
        HtpasswdFile("/etc/apache2/downloads.htpasswd").update(name, password)
        return
    FTPHandler.authorizer = users
    FTPServer(("", 21), FTPHandler).serve_forever()


if __name__ == "__main__":
    main(sys.argv)
