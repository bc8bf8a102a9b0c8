class MailNotSent(Exception):
    pass
