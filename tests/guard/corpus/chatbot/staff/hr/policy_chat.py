import os
import pickle

from langchain.chains import ConversationalRetrievalChain
from langchain.memory import ConversationBufferWindowMemory
from langchain_community.vectorstores import FAISS
from langchain_openai import ChatOpenAI, OpenAIEmbeddings


class HandbookChat:
    """HR's chat: employees ask about holidays, parental leave, expenses.

    One memory per employee, pickled below ``HR_CHAT_DIR``.
    """

    def __init__(self, index_dir="/srv/hr/handbook.faiss", memory_dir=None):
        self.llm = ChatOpenAI(model="gpt-4o", temperature=0)
        self.store = FAISS.load_local(index_dir, OpenAIEmbeddings())
        self.memory_dir = memory_dir or os.environ.get("HR_CHAT_DIR", "/srv/hr/chats")

    def question(self, employee_no, text):
        memory = self._load(employee_no)
        chain = ConversationalRetrievalChain.from_llm(
            self.llm, self.store.as_retriever(), memory=memory
        )
        answer = chain.invoke({"question": text})["answer"]
        with open(self._path(employee_no), "wb") as fh:
            pickle.dump(memory, fh)
        return answer

    def wipe(self, employee_no):
        if os.path.exists(self._path(employee_no)):
            os.remove(self._path(employee_no))

    def _path(self, employee_no):
        return os.path.join(self.memory_dir, f"{employee_no}.pickle")

    def _load(self, employee_no):
        if os.path.exists(self._path(employee_no)):
            with open(self._path(employee_no), "rb") as fh:
                return pickle.load(fh)
        return ConversationBufferWindowMemory(
            k=8, memory_key="chat_history", return_messages=True
        )
