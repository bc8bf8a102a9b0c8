from login.sessions import SessionStore as SessionStore
