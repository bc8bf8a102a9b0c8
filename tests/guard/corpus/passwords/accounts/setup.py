import config

from accounts.hashing import SaltedHasher
from accounts.history import HistoryPasswordStore
from accounts.ldapChecker import LdapChecker
from accounts.passwordStore import PasswordStore
from accounts.policy import PasswordPolicy
from accounts.throttle import ThrottledStore


class StoreFactory(object):
    def makeStore(self, customer=None):
        policy = PasswordPolicy(config.MIN_LENGTH, config.COMMON_PASSWORDS)
        hasher = SaltedHasher(config.HASH_ROUNDS)
        if customer in config.BANKS:
            store = HistoryPasswordStore(hasher=hasher, policy=policy)
        else:
            store = PasswordStore(hasher=hasher, policy=policy)
        return ThrottledStore(store)

    def makeCheckers(self, customer):
        checkers = [self.makeStore(customer)]
        if customer in config.DIRECTORIES:
            checkers.append(LdapChecker(*config.DIRECTORIES[customer]))
        return checkers
